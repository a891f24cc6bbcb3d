"""The demo: `build_app()` gives the Gradio page, `launch()` serves it."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..pipelines.completing.calm import usual_calming
from .running.lending import Lender
from .running.serving import lent_gpus
from .tabs.batch_tab import batch_tab
from .tabs.capture_tab import capture_tab
from .tabs.complete_tab import complete_tab
from .tabs.live_tab import live_tab
from .tabs.sending import Sender
from .tabs.stylise_tab import stylise_tab
from .theme import STYLE, vimo_theme

if TYPE_CHECKING:
    from ..pipelines.vimo import ViMoPipeline

HOUR = 3600  # seconds
MAX_UPLOAD = "300mb"

_HEAD = """
<div class="vimo-head">
  <h1><b>ViMo</b> &nbsp;a casual video in, 3D motion out</h1>
  <p>Film a person with any camera, moving or not. ViMo finds the body, imagines what was hidden and gives you
  motion to edit in Blender, Unity, Unreal or your own code.</p>
</div>
"""


def build_app(pipe: "ViMoPipeline | None" = None) -> gr.Blocks:
    """The page. pipe: the pipeline to use; without one the shipped weights load with the first video."""
    get_pipe = shipped_pipeline if pipe is None else lambda: pipe
    lender = Lender(get_pipe)
    learned = pipe is None or pipe.interpolator is not None  # the shipped weights have one
    with gr.Blocks(title="ViMo: video to motion", delete_cache=(HOUR, 6 * HOUR), fill_width=True) as app:
        gr.HTML(_HEAD)
        with gr.Tabs() as tabs:
            with gr.Tab("Video → motion", id="capture"):
                sender = capture_tab(lender, targets=["Complete", "Stylise"])
            with gr.Tab("Complete", id="complete"):
                completed = complete_tab(lender, usual_calming=usual_calming(learned=learned))
            with gr.Tab("Stylise", id="stylise"):
                stylised = stylise_tab(lender)
            with gr.Tab("Live", id="live"):
                live, visitors = live_tab(get_pipe, targets=["Complete", "Stylise"])
            with gr.Tab("Batch", id="batch"):
                batch_tab(lender)
        for each in (sender, live):
            _connect(each, "Complete", tabs, completed)
            _connect(each, "Stylise", tabs, stylised)

        def leave(request: gr.Request) -> None:
            visitors.leave(request.session_hash)

        app.unload(leave)
    return app.queue(max_size=16)


def _connect(sender: Sender, name: str, tabs: gr.Tabs, target: tuple[gr.File, Callable, list]) -> None:
    """Let a button send a tab's motion to another tab, and go there."""
    motion, show, shown = target
    private = {"api_visibility": "private"}
    sent = sender.buttons[name].click(Sender.chosen, sender.inputs, motion, **private)
    there = sent.success(lambda: gr.Tabs(selected=name.lower()), outputs=tabs, **private)
    there.success(show, motion, shown, **private)


def launch(**options: Any) -> None:
    """Load the shipped weights and serve the page until it is stopped. options: as for `gr.Blocks.launch`."""
    build_app(shipped_pipeline()).launch(**{**page_options(), **options})


def page_options() -> dict[str, Any]:
    """What every launch of the page is given: its look, the limit on uploads, MCP if installed."""
    return {
        "theme": vimo_theme(), "css_paths": STYLE, "max_file_size": MAX_UPLOAD,
        "footer_links": ["api", "gradio", "settings"], "mcp_server": find_spec("mcp") is not None,
    }  # fmt: skip


@cache
def shipped_pipeline() -> "ViMoPipeline":
    """The weights of this package, on the GPU if there is one."""
    lent_gpus()  # a Space has none that could be chosen until then
    from ..pipelines.device import choose_device
    from ..pipelines.vimo import ViMoPipeline

    pipe = ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)  # progress belongs on the page, not in the log
    return pipe.to(choose_device())

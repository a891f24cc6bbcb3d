"""The tab "Live": a webcam in; a figure that follows, how late it is, and what it did in the end out."""

from collections.abc import Callable, Sequence
from itertools import chain
from time import sleep
from typing import TYPE_CHECKING, Any

import gradio as gr
from PIL import Image

from ...export.files import SUFFIXES, save_motions
from ...pipelines.stream import LOOK_AHEAD
from ..components.live_readout import LiveReadout, told
from ..components.viewer import MotionViewer
from ..running.serving import errors_for_people, served_folder, without_lent_gpu
from ..running.visitors import KEPT_SECONDS, Visitors
from .greeting import greeting_files
from .rows import download_row
from .sending import Sender, send_buttons

if TYPE_CHECKING:
    from ...pipelines.vimo import ViMoPipeline

PLACES = 2  # visitors who are live at once; others wait in the queue
TURN_SECONDS = 60  # after which a place goes to who waits, if anybody does
PICTURE_EVERY = 0.1  # seconds
GOES_WELL = "The figure follows you. Stop gives you the motion."
PAUSE = 0.3  # seconds for pictures on their way
_CAMERA = {"video": {"width": {"ideal": 480}, "height": {"ideal": 360}, "frameRate": {"ideal": 30}}}


def live_tab(
    get_pipe: Callable[[], "ViMoPipeline"], *, targets: Sequence[str] = ()
) -> tuple[Sender, Visitors]:
    """Build the tab inside an open `gr.Blocks`. targets: tabs to which a recording can be sent.

    Returns what sends it, and the visitors, of whom those who leave the page have to be told.
    """
    visitors = Visitors(without_lent_gpu(get_pipe))
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            camera = gr.Image(
                sources=["webcam"], streaming=True, type="pil", label="Camera", height=260, buttons=[],
                webcam_options=gr.WebcamOptions(mirror=False, constraints=_CAMERA), elem_id="camera",
            )  # fmt: skip
            readout = LiveReadout(viewer="live-viewer", camera="camera", elem_id="readout")
            anew = gr.Button("Start over", size="md", elem_id="live-anew")
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(
                greeting_files(), label="Live figure", elem_id="live-viewer", elem_classes="vimo-stage"
            )
            with gr.Column(visible=False) as results:
                downloads = download_row([suffix.upper() for suffix in SUFFIXES], prefix="live")
                with gr.Row(elem_classes="vimo-send"):
                    buttons = send_buttons(targets, prefix="live-send")
    with gr.Row():
        with gr.Column(scale=4, min_width=320):
            look_ahead = gr.Slider(
                0, 15, LOOK_AHEAD, step=1, label="Look ahead", elem_id="look-ahead",
                info="Frames, 30 a second, that a pose waits for: more is calmer and later.",
            )  # fmt: skip
        with gr.Column(scale=8, min_width=320):
            gr.HTML(_HELP, elem_classes="vimo-summary")
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    camera.stream(
        _follow(visitors), [camera, look_ahead], readout, stream_every=PICTURE_EVERY, time_limit=TURN_SECONDS,
        concurrency_id="live", concurrency_limit=PLACES, **private,
    )  # fmt: skip
    kept = [viewer, readout, results, *downloads]
    readout.stopped(_keep(visitors), None, kept, concurrency_limit=None, **private)
    anew.click(_start_over(visitors), None, [readout, results], queue=False, **private)
    return Sender(buttons, [viewer]), visitors


_HELP = f"""Your pictures are looked at and forgotten; of the motion, the last {KEPT_SECONDS:.0f} seconds are
kept until you leave. <b>Stop</b> under the picture gives them to you, <b>Start over</b> forgets them.
{PLACES} people can be live at once, {TURN_SECONDS} seconds at a time while others wait."""


def _follow(visitors: Visitors) -> Callable:
    def follow(picture: Image.Image | None, look_ahead: int, request: gr.Request) -> dict:
        if picture is None:
            return told()
        try:
            with errors_for_people():
                visitor, motion = visitors.see(request.session_hash, picture, look_ahead=int(look_ahead))
        except gr.Error as error:  # one that is raised here would come again with every picture
            return told(said=error.message)
        return told(motion, visitor.delay, visitor.advice or GOES_WELL)

    return follow


def _keep(visitors: Visitors) -> Callable:
    def keep(request: gr.Request) -> list:
        """What was recorded: a figure, the read-out, downloads."""
        sleep(PAUSE)
        recording = visitors.stop(request.session_hash)
        if not len(recording):
            said = "Nothing was recorded, as nobody was seen."
            return [gr.skip(), told(said=said), gr.Column(visible=False), *[None] * len(SUFFIXES)]
        with errors_for_people(), served_folder() as folder:
            motion = recording.motion()
            files = save_motions([motion], folder, stem="live")
        said = f"The last {motion.seconds:.0f} seconds are yours. Record goes on with a new motion."
        return [files["glb"], told(said=said), gr.Column(visible=True), *chain(*files.values())]

    return keep


def _start_over(visitors: Visitors) -> Callable:
    def start_over(request: gr.Request) -> tuple[dict, gr.Column]:
        visitors.start_over(request.session_hash)
        return told(said="The next picture is the first."), gr.Column(visible=False)

    return start_over

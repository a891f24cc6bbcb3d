"""`FrameTimeline`: a bar on which one marks which frames are kept and which are imagined."""

from pathlib import Path
from typing import Any

import gradio as gr

SCRIPT = Path(__file__).parent / "timeline.js"

_TEMPLATE = """
<div class="vimo-timeline" data-viewer="{viewer}">
  <div class="vt-title">Timeline</div>
  <p>Drag over the bar to imagine these frames; click an orange part to keep it again.</p>
  <div class="vt-bar"></div>
  <div class="vt-scale">
    <span class="vt-start"></span><span class="vt-note"></span><span class="vt-end"></span>
  </div>
  <div class="vt-presets">
    <button type="button" value="middle">Middle</button>
    <button type="button" value="start">Start</button>
    <button type="button" value="end">End</button>
    <button type="button" value="keys">Between key poses</button>
    <button type="button" value="all">All</button>
  </div>
  <label>Frames to keep, 30 a second<input class="vt-text" spellcheck="false" placeholder="none"></label>
</div>
"""


class FrameTimeline(gr.HTML):
    """The value is the kept frames as text, 0:30,120:150; all others are imagined."""

    def __init__(self, value: str = "", *, frames: int = 0, viewer: str = "", **options: Any):
        """frames: how many the motion has; viewer: id of the `MotionViewer` that follows."""
        options.setdefault("html_template", _TEMPLATE.replace("{viewer}", viewer))
        options.setdefault("js_on_load", SCRIPT.read_text(encoding="utf-8"))
        options.setdefault("apply_default_css", False)
        self.frames = frames  # gr.HTML would take the name for an event, since the script has it in quotes
        super().__init__(value, frames=frames, **options)

    def preprocess(self, payload: str | None) -> str:
        """What is kept, as text."""
        return payload or ""

    def postprocess(self, value: str | None) -> str:
        """What is kept, as text."""
        return value or ""

    def example_payload(self) -> str:
        """One second at either end of five."""
        return "0:30,120:150"

    def example_value(self) -> str:
        """One second at either end of five."""
        return "0:30,120:150"


def middle_third(frames: int) -> str:
    """What is kept when the middle is to be imagined: 150 -> "0:50,100:150"."""
    return f"0:{frames // 3},{frames - frames // 3}:{frames}"

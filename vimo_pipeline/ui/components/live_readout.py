"""`LiveReadout`: gives poses to a viewer as they come, and says how late and how many."""

from pathlib import Path
from typing import Any

import gradio as gr
import torch

from ...motion import Motion
from ..running.delay import Delay

SCRIPT = Path(__file__).parent / "live_readout.js"

_TEMPLATE = """
<div class="vimo-live" data-viewer="{viewer}" data-camera="{camera}">
  <dl>
    <div title="From what the camera sees to its pose, at the server; the way over the net comes on top.">
      <dt>Delay</dt><dd class="vl-delay"></dd>
    </div>
    <div title="95 of 100 poses of the last five seconds came within this time.">
      <dt>95% within</dt><dd class="vl-most"></dd>
    </div>
    <div title="How many were looked at; what comes while one is looked at is left out.">
      <dt>Pictures</dt><dd class="vl-rate"></dd>
    </div>
  </dl>
  <p class="vl-said" role="status"></p>
</div>
"""


class LiveReadout(gr.HTML):
    """The value is what `told` makes; what goes wrong with the camera is said in the browser itself.

    Its event `stopped` is a press on Stop: a stream ends with each turn, too, and goes on if nobody waits.
    """

    def __init__(self, value: dict[str, Any] | None = None, *, viewer: str, camera: str, **options: Any):
        """viewer, camera: ids of the `MotionViewer` that shows the poses and of the `gr.Image` that films."""
        template = _TEMPLATE.replace("{viewer}", viewer).replace("{camera}", camera)
        options.setdefault("html_template", template)
        options.setdefault("js_on_load", SCRIPT.read_text(encoding="utf-8"))
        options.setdefault("apply_default_css", False)
        super().__init__(value or {}, **options)

    def postprocess(self, value: dict[str, Any] | None) -> dict[str, Any]:
        """What `told` makes, as it is."""
        return value or {}

    def api_info(self) -> dict[str, Any]:
        """An object, where `gr.HTML` would say text."""
        return {"type": "object"}


def told(motion: Motion | None = None, delay: Delay | None = None, said: str = "") -> dict[str, Any]:
    """What the page is told: frames of numbers, milliseconds, pictures a second, and a sentence.

    A frame is the root, [3], the joints' quaternions, [24 * 4], and contacts, [4], one after the other.
    """
    late = [None if delay is None else delay.within(share) for share in (0.5, 0.95)]
    middle, most = [None if each is None else round(1000 * each) for each in late]
    rate = round(delay.rate, 1) if delay and delay.rate else None
    return {"frames": rows(motion), "delay": middle, "most": most, "rate": rate, "said": said}


def rows(motion: Motion | None) -> list[list[float]]:
    """Frames as rows of 103 numbers, to a tenth of a millimetre."""
    if motion is None:
        return []
    parts = [motion.root, motion.rotations.flatten(1), motion.contacts]
    return torch.cat(parts, 1).double().round(decimals=4).tolist()

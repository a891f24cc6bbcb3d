"""`vimo stream`: motion while a camera runs."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ..export import save_motion
from ..export.files import check_suffix
from ..export.vmc import PORT, VMCSender
from ..keypoints.detect import MAX_SIDE
from ..pipelines.live import Source, Watched, film, until, watch
from ..pipelines.recording import Recording
from ..pipelines.stream import LOOK_AHEAD, WINDOW, ViMoStream
from ..pipelines.vimo import ViMoPipeline
from ..video.camera import camera_frames
from .live_view import LiveView
from .loading import load_quietly


@dataclass(frozen=True)
class Stream:
    """Motion while it happens: from a camera, or from a film as if it were one."""

    camera: int | None = None
    """Which camera, counted from 0."""
    video: Path | None = None
    """A film in place of a camera: at its own pace where somebody looks on, else as fast as it can."""
    record: Path | None = None
    """A BVH, GLB or NPZ that gets the whole motion at the end."""
    osc: str | None = None
    """HOST or HOST:PORT that gets every frame as VMC messages over OSC, see docs/live.md."""
    view: bool = True
    """Open a window with the picture and the body; q ends."""
    look_ahead: int = LOOK_AHEAD
    """Frames that a frame waits for: more is calmer and later."""
    window: int = WINDOW
    """Frames that the network looks at."""
    seconds: float | None = None
    """Stop after so much of the recording. Ctrl-C stops as well."""
    estimator: str = "mediapipe"
    """mediapipe, rtmpose, or a .task or .onnx file."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    device: str = "cpu"
    """cpu, cuda, cuda:1, mps, or auto: a CUDA card where there is one."""

    def run(self) -> None:
        """Stream until the end and say how it went."""
        self._check()
        torch.set_num_threads(max(1, torch.get_num_threads() // 2))  # the other half looks at pictures
        recording = Recording()
        latencies: list[float] = []
        pipe = load_quietly(ViMoPipeline, self.model, device=self.device)
        with ExitStack() as open_things:
            view = open_things.enter_context(LiveView()) if self.view else None
            sender = open_things.enter_context(VMCSender(*address(self.osc))) if self.osc else None
            stream = open_things.enter_context(
                ViMoStream.from_pipe(
                    pipe, window=self.window, look_ahead=self.look_ahead, estimator=self.estimator
                )
            )
            try:
                for watched in watch(self._source(), stream, pictures=self.view, keep_up=self._live):
                    if watched.latency is not None:
                        latencies.append(watched.latency)
                    if not self._show(watched, stream, view, sender, recording):
                        break
            except KeyboardInterrupt:
                pass  # what was recorded is kept
            recording.add(stream.flush(), stream.seconds)
        sys.stdout.write(self._finish(recording, latencies))

    def _check(self) -> None:
        if (self.camera is None) == (self.video is None):
            raise ValueError("give either --camera 0 or --video FILE")
        if self.seconds is not None and not self.seconds > 0:
            raise ValueError(f"--seconds must be positive, got {self.seconds}")
        if self.record is not None:
            check_suffix(self.record)
        if self.osc is not None:
            address(self.osc)

    @property
    def _live(self) -> bool:
        """Whether pictures come at their own pace."""
        return self.video is None or self.view or self.osc is not None

    def _source(self) -> Source:
        source: Source = partial(camera_frames, self.camera or 0)
        if self.video is not None:
            source = partial(film, self.video, max_side=MAX_SIDE, paced=self._live)
        return source if self.seconds is None else partial(until, source, self.seconds)

    def _show(
        self,
        watched: Watched,
        stream: ViMoStream,
        view: LiveView | None,
        sender: VMCSender | None,
        recording: Recording,
    ) -> bool:
        """Give a frame to everybody who wants it; False when the window is closed."""
        if self.record is not None:
            recording.add(watched.motion, stream.seconds)
        if sender is not None and watched.motion is not None:
            sender.send(watched.motion, seconds=stream.seconds or 0.0)
        return view is None or view.show(watched.picture, watched.points, watched.motion)

    def _finish(self, recording: Recording, latencies: list[float]) -> str:
        if not latencies:
            raise ValueError("nobody was seen, so there is no motion")
        middle, most = np.quantile(latencies, [0.5, 0.95])
        lines = [f"{len(latencies)} frames; a pose came {1000 * middle:.0f} ms after its picture, "
                 f"95 of 100 within {1000 * most:.0f} ms\n"]  # fmt: skip
        if self.record is not None:
            save_motion(recording.motion(), self.record)
            lines.append(f"  {self.record}\n")
        return "".join(lines)


def address(text: str) -> tuple[str, int]:
    """HOST or HOST:PORT, with VMC's port unless given."""
    host, _, port = text.rpartition(":") if ":" in text else (text, "", str(PORT))
    if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise ValueError(f"--osc takes HOST or HOST:PORT with a port of 1 to 65535, got {text!r}")
    return host, int(port)

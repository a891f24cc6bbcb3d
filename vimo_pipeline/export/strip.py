"""A picture of before and after: what was known of a motion above, what became of it below."""

from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..motion import Motion
from ..whole_file import whole_file
from .preview import BACKDROP, TINTS, draw_figure
from .render import opencv

WIDTH, HEIGHT = 150, 260  # pixels of a figure
KNOWN, PARTLY, IMAGINED = TINTS[0], (196, 200, 202), TINTS[1]
_INK, _LINE = (70, 78, 84), (200, 204, 204)


def write_strip(path: str | Path, before: Motion, after: Motion, kept: Tensor, *, figures: int = 10) -> None:
    """Write a PNG of evenly spaced frames, every figure seen from the front of the world.

    They go from a second before the first imagined frame to a second behind the last.
    kept: [T] in [0, 1], how much of a frame is known. Above: frames of which nothing is known are empty,
    those of which a part is known grey. Below: whatever was imagined has another colour.
    """
    if not len(before) == len(after) == len(kept):
        raise ValueError(
            f"before, after and kept must be of one length, got {len(before)}, {len(after)}, {len(kept)}"
        )
    cv2 = opencv()
    frames = _frames(kept, figures, around=round(after.fps))
    above = [_figure(before, frame, _tint_before(float(kept[frame]))) for frame in frames]
    below = [_figure(after, frame, KNOWN if kept[frame] == 1 else IMAGINED) for frame in frames]
    picture = np.concatenate([np.concatenate(row, 1) for row in (above, below)])
    picture[HEIGHT - 1 : HEIGHT + 1] = _LINE
    for place, frame in enumerate(frames):
        at = (place * WIDTH + 8, HEIGHT - 10)
        cv2.putText(picture, str(frame), at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, _INK, 1, cv2.LINE_AA)
    done, code = cv2.imencode(".png", picture[..., ::-1])
    if not done:
        raise OSError(f"cannot write {path}: OpenCV could not make a PNG of it")
    with whole_file(path) as partial:
        partial.write_bytes(code.tobytes())


def _frames(kept: Tensor, figures: int, *, around: int) -> list[int]:
    """Evenly spaced ones, from so many before what was imagined to so many behind it."""
    imagined = (kept < 1).nonzero()[:, 0]
    start = max(0, int(imagined[0]) - around) if len(imagined) else 0
    last = min(len(kept) - 1, int(imagined[-1]) + around) if len(imagined) else len(kept) - 1
    return torch.linspace(start, last, min(figures, last - start + 1)).round().long().tolist()


def _tint_before(kept: float) -> tuple[int, int, int] | None:
    return None if kept == 0 else KNOWN if kept == 1 else PARTLY


def _figure(motion: Motion, frame: int, tint: tuple[int, int, int] | None) -> ndarray:
    """One frame, uint8 RGB [H, W, 3]; the empty ground without a tint."""
    if tint is None:
        empty = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        empty[:] = BACKDROP
        return empty
    return next(draw_figure(motion.frames(frame, frame + 1), width=WIDTH, height=HEIGHT, tint=tint))

"""Shot cuts: a jump in the colours of the picture that stands out of its neighbourhood and lasts."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy import ndarray

SMALLEST_JUMP = 0.3  # of the picture's pixels changed their colour
TIMES_USUAL = 3.0  # as large as what is usual around it
NEIGHBOURHOOD = 10  # frames to each side in which "usual" is measured
LASTING = 0.6  # share of the jump still there three frames apart, which a flash has not
_ACROSS = 3
_GRID = 2  # cells in each direction, so that colours that only change places are noticed
_LEVELS = 6  # of each colour channel
_SIDE = 48  # pixels looked at along the longer side


class CutFinder:
    """Finds cuts while frames stream by; keeps a handful of histograms and two numbers a frame.

    finder = CutFinder()
    for frame in read_frames("clip.mp4"): finder.push(frame)
    finder.cuts()
    """

    def __init__(self) -> None:
        self._histograms: deque[ndarray] = deque(maxlen=_ACROSS + 1)
        self._steps: list[float] = []  # difference to the frame before
        self._across: list[float] = []  # difference to three frames before

    def push(self, frame: ndarray) -> None:
        """Look at the next frame, uint8 RGB [H, W, 3]."""
        histogram = colour_histogram(frame)
        self._histograms.append(histogram)
        self._steps.append(_difference(self._histograms[max(0, len(self._histograms) - 2)], histogram))
        self._across.append(_difference(self._histograms[0], histogram))

    def cuts(self) -> tuple[int, ...]:
        """Frames at which a new shot starts, so far."""
        steps = np.array(self._steps)
        candidates = np.flatnonzero(steps > SMALLEST_JUMP)
        return tuple(
            int(frame) for frame in candidates if self._stands_out(steps, frame) and self._lasts(frame)
        )

    def _stands_out(self, steps: ndarray, frame: int) -> bool:
        around = np.r_[
            steps[max(1, frame - NEIGHBOURHOOD) : frame], steps[frame + 1 : frame + 1 + NEIGHBOURHOOD]
        ]
        moving = around[around > 0]  # a frame shown twice says nothing
        return len(moving) == 0 or bool(steps[frame] > TIMES_USUAL * np.median(moving))

    def _lasts(self, frame: int) -> bool:
        return min(self._across[frame : frame + _ACROSS]) > LASTING * self._steps[frame]


def find_cuts(frames: Iterable[ndarray]) -> tuple[int, ...]:
    """Frames at which a new shot starts; not 0."""
    finder = CutFinder()
    for frame in frames:
        finder.push(frame)
    return finder.cuts()


def colour_histogram(frame: ndarray) -> ndarray:
    """Shares of pixels by cell of the picture and colour, summing to 1. Colours fall softly between two
    levels of each channel, so a slight change of exposure is a slight change of the histogram."""
    step = max(1, max(frame.shape[:2]) // _SIDE)
    small = frame[::step, ::step]
    height, width, _ = small.shape
    cell = (np.arange(height) * _GRID // height)[:, None] * _GRID + np.arange(width) * _GRID // width
    level = small.reshape(-1, 3) * ((_LEVELS - 1) / 255.0)
    low = level.astype(np.int64).clip(max=_LEVELS - 2)
    part = level - low
    histogram = np.zeros(_GRID**2 * _LEVELS**3)
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(corner, part, 1 - part).prod(-1)
        bins = ((low + corner) * (_LEVELS**2, _LEVELS, 1)).sum(-1) + cell.reshape(-1) * _LEVELS**3
        histogram += np.bincount(bins, weight, len(histogram))
    return histogram / (height * width)


def _difference(a: ndarray, b: ndarray) -> float:
    return float(np.abs(a - b).sum() / 2)

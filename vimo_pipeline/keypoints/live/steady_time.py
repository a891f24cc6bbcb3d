"""Detections as they come, put at a steady rate: cameras are late, early, and leave frames out."""

from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..cleaning.clean import LONGEST_FILLED_SECONDS

EARLY = 0.25  # of a frame: a detection that is early by less counts as on time


class TimedPoints(NamedTuple):
    """One frame of the steady clock."""

    seconds: float
    points: ndarray  # [17, 3], zero where nobody was looked for


class SteadyTime:
    """Frame k of the steady clock lies k / fps seconds after the first detection.

    Between two detections positions lie on the straight line, as in `resample_keypoints`. Gaps that are too
    long to fill stay empty, and of those longer than `longest` seconds the rest is left out.

        for frame in clock.push(points, seconds): ...  # none, one or several frames
    """

    def __init__(self, fps: float, *, longest: float) -> None:
        self.fps, self.longest = fps, longest
        self.reset()

    def reset(self) -> None:
        """Forget all; the next detection is frame 0."""
        self._first = 0.0
        self._last: TimedPoints | None = None
        self._next = 0  # frame

    def after(self, step: float) -> float | None:
        """So many seconds after the last detection; None before the first."""
        return None if self._last is None else self._last.seconds + step

    def check(self, seconds: float | None) -> None:
        """Raise ValueError for a time that cannot be next; nothing changes."""
        if seconds is not None and not np.isfinite(seconds):
            raise ValueError(f"a timestamp must be a finite number of seconds, got {seconds}")
        if seconds is not None and self._last is not None and seconds <= self._last.seconds:
            raise ValueError(
                f"timestamps must rise, got {seconds:.3f} s after {self._last.seconds:.3f} s; leave out "
                "frames that come too late, or call reset() where another recording begins"
            )

    def push(self, points: ndarray, seconds: float | None = None) -> list[TimedPoints]:
        """The frames that are now known. points: [17, 3]; without a time it is one frame after the last."""
        self.check(seconds)
        seconds = self.after(1 / self.fps) if seconds is None else seconds
        old, self._last = self._last, TimedPoints(seconds or 0.0, points)
        if old is None:
            self._first, self._next = self._last.seconds, 1
            return [self._last]
        last = int(np.floor((self._last.seconds - self._first) * self.fps + EARLY))
        frames, self._next = range(self._next, last + 1), max(self._next, last + 1)
        if len(frames) > self.longest * self.fps + 1:
            frames = [*frames[: int(self.longest * self.fps)], last]
        return [_between(old, self._last, self._first + frame / self.fps, 1 / self.fps) for frame in frames]


def _between(old: TimedPoints, new: TimedPoints, seconds: float, frame: float) -> TimedPoints:
    """What was seen at a time between two detections."""
    gap, left = new.seconds - old.seconds, new.seconds - seconds
    near = frame / 2 if gap > LONGEST_FILLED_SECONDS else 1e-3 * frame
    if left < near:
        return TimedPoints(seconds, new.points)
    if gap > LONGEST_FILLED_SECONDS:
        return TimedPoints(seconds, np.zeros_like(new.points))
    seen = (old.points[:, 2:] > 0) & (new.points[:, 2:] > 0)
    return TimedPoints(seconds, (new.points + left / gap * (old.points - new.points)) * seen)

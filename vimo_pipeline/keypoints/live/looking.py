"""`Looker`: the half of a stream before the network, from pictures to clean keypoints at a steady rate."""

from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy import ndarray

from ..estimating.estimators import PoseEstimator, get_estimator
from ..keypoints import NUM_KEYPOINTS
from .live_cleaning import LiveCleaner, nearest_person
from .steady_time import SteadyTime

_UNKNOWN = 1 << 24  # pixels: the picture around keypoints that came without one


class Sight(NamedTuple):
    """Frames of the steady clock that came at once, mostly one."""

    times: list[float]
    lately: ndarray  # [N, 17, 3] these frames last, after those that they shed new light on


def together(sights: list[Sight]) -> Sight:
    """Sights in a row as one, so that the network takes them with one call; the last has to reach back."""
    return Sight([time for sight in sights for time in sight.times], sights[-1].lately)


class Looker:
    """Estimates the pose in pictures as they come, cleans it and puts it in time.

    longest: seconds of a gap that are filled with empty frames. estimator: a name or one that is open.
    """

    def __init__(
        self, *, fps: float, longest: float, estimator: str | Path | PoseEstimator = "mediapipe"
    ) -> None:
        self.fps, self.longest, self.estimator = fps, longest, estimator
        self._opened: PoseEstimator | None = None
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next picture is the first of another recording."""
        self.clock = SteadyTime(self.fps, longest=self.longest)
        self._size: tuple[int, int] | None = None
        self._cleaner: LiveCleaner | None = None

    def look(self, seen: ndarray, timestamp: float | None = None) -> Sight:
        """A picture, uint8 RGB [H, W, 3], or what a detector says of one, [17, 3].

        Raises ValueError, and stays as it was, for what cannot be next.
        """
        self.clock.check(timestamp)
        points = self._points(seen)
        frames = self.clock.push(points, timestamp)
        if self._cleaner is None:
            width, height = self._size or (_UNKNOWN, _UNKNOWN)
            self._cleaner = LiveCleaner(fps=self.fps, width=width, height=height)
        if not frames:
            return Sight([], points[None])
        times, rows = zip(*frames, strict=True)
        return Sight(list(times), self._cleaner.push(np.stack(rows)))

    def check_size(self, size: tuple[int, int]) -> None:
        """Width and height of a picture; another one than before is a ValueError."""
        if self._size not in (None, size):
            before, now = (" x ".join(map(str, each)) for each in (self._size, size))
            raise ValueError(f"a stream has one picture size, got {now} after {before}; call reset() first")
        self._size = size

    def close(self) -> None:
        """Free the estimator that was opened here."""
        if self._opened is not None:
            self._opened.__exit__(None, None, None)
        self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _points(self, seen: ndarray) -> ndarray:
        """Of a picture, or of a detector, [17, 3]."""
        if not isinstance(seen, ndarray):
            raise ValueError(f"push takes a picture, [17, 3] or Keypoints, got {type(seen).__name__}")
        if seen.shape == (NUM_KEYPOINTS, 3) and seen.dtype != np.uint8:
            if not np.isfinite(seen).all():
                raise ValueError("keypoints hold NaN or infinity; mark what was not seen with confidence 0")
            return seen.astype(np.float32)
        if seen.dtype != np.uint8 or seen.ndim != 3 or seen.shape[2] != 3 or seen.size == 0:
            raise ValueError(
                "push takes a picture, uint8 RGB [H, W, 3], or keypoints, float [17, 3], "
                f"got {seen.dtype} {list(seen.shape)}"
            )
        self.check_size((seen.shape[1], seen.shape[0]))
        return nearest_person(self._estimate(seen), None if self._cleaner is None else self._cleaner.last)

    def _estimate(self, picture: ndarray) -> ndarray:
        if not isinstance(self.estimator, str | Path):
            return self.estimator.estimate(picture)
        if self._opened is None:
            self._opened = get_estimator(self.estimator).__enter__()
        return self._opened.estimate(picture)

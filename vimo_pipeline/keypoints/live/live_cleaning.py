"""Cleaning while detections come in: what `clean` does, looking back a second and never ahead."""

import numpy as np
from numpy import ndarray

from ..cleaning.body_size import middle, spread
from ..cleaning.clean import clean, mask_unreliable
from ..cleaning.flips import undo_flips
from ..keypoints import NUM_KEYPOINTS, Keypoints

MEMORY_SECONDS = 1.0  # that a new detection is judged by
FEWEST = 3  # frames: with less there is no motion to judge by


class LiveCleaner:
    """The newest frames cleaned anew with every detection, so that what follows still mends them."""

    def __init__(self, *, fps: float, width: int, height: int) -> None:
        self.fps, self.width, self.height = fps, width, height
        self._raw = np.zeros((0, NUM_KEYPOINTS, 3), np.float32)

    @property
    def last(self) -> ndarray | None:
        """The newest frame as the detector had it, [17, 3]."""
        return self._raw[-1] if len(self._raw) else None

    def push(self, points: ndarray) -> ndarray:
        """Take the next frames, [N, 17, 3], zero where nobody is; the last second or more cleaned."""
        new = mask_unreliable(points, self.width, self.height).astype(np.float32)
        memory = max(len(new), round(MEMORY_SECONDS * self.fps))
        self._raw = np.concatenate([self._raw, new])[-memory:]
        if len(self._raw) < FEWEST or not self._raw[..., 2].any():
            return self._raw
        # Sides that were put right stay right when what showed it has left the memory.
        self._raw = undo_flips(self._raw, fps=self.fps)
        return clean(Keypoints(self._raw, self.fps, self.width, self.height), sides=False).points


def nearest_person(people: ndarray, last: ndarray | None) -> ndarray:
    """Who is nearest to where somebody was last, or largest; zero for nobody. [P, 17, 3] -> [17, 3]."""
    if len(people) == 0:
        return np.zeros(people.shape[1:], np.float32)
    if last is None or not last[:, 2].any():
        return people[spread(people).argmax()]
    return people[np.linalg.norm(middle(people) - middle(last), axis=-1).argmin()]

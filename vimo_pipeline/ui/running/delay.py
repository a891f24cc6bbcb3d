"""`Delay`: how far poses lie behind their pictures, and how many pictures are looked at."""

from collections import deque

import numpy as np

SECONDS = 5.0


class Delay:
    """Over the last seconds. Times are those of one clock, in seconds."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._pictures: deque[tuple[float, float | None]] = deque()  # when it was done, delay of its pose

    def add(self, now: float, delay: float | None) -> None:
        """A picture has been looked at; delay: seconds since what its newest pose shows, None without one."""
        self._pictures.append((now, delay))
        while self._pictures[0][0] < now - self.seconds:
            self._pictures.popleft()

    def within(self, share: float) -> float | None:
        """The delay that this share of the poses kept below, 0.5 for the middle one; None without a pose."""
        delays = [delay for _, delay in self._pictures if delay is not None]
        return float(np.quantile(delays, share)) if delays else None

    @property
    def rate(self) -> float:
        """Pictures a second; 0 before the second one."""
        if len(self._pictures) < 2:
            return 0.0
        return (len(self._pictures) - 1) / (self._pictures[-1][0] - self._pictures[0][0])

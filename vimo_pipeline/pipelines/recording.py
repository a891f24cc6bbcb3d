"""`Recording`: what a stream gave, as one motion."""

from collections import deque

import torch

from ..motion import Motion


class Recording:
    """All that a stream gives, in time: while nobody was there the last pose stands still.

    longest: seconds that are kept, the newest ones; unless given, everything is.
    """

    def __init__(self, *, longest: float | None = None) -> None:
        self.longest = longest
        self._parts: deque[Motion] = deque()
        self._seconds = 0.0
        self._length = 0  # frames

    def __len__(self) -> int:
        """Frames there are."""
        return self._length

    def add(self, motion: Motion | None, seconds: float | None) -> None:
        """Frames that came out; seconds: the time of the last."""
        if motion is None or seconds is None:
            return
        if self._parts:
            missed = round((seconds - self._seconds) * motion.fps) - len(motion)
            still = self._parts[-1].frames(len(self._parts[-1]) - 1, len(self._parts[-1]))
            for _ in range(min(max(0, missed), self._most(motion))):
                self._append(still)
        self._append(motion)
        self._seconds = seconds

    def motion(self) -> Motion:
        """Everything in a row."""
        if not self._parts:
            raise ValueError("nothing was recorded: nobody was seen")
        parts = [[getattr(part, name) for part in self._parts] for name in ("rotations", "root", "contacts")]
        return Motion(*(torch.cat(part) for part in parts), fps=self._parts[0].fps)

    def _append(self, part: Motion) -> None:
        self._parts.append(part)
        self._length += len(part)
        while self._length > self._most(part):
            surplus, oldest = self._length - self._most(part), self._parts.popleft()
            if surplus < len(oldest):
                self._parts.appendleft(oldest.frames(surplus, len(oldest)))
            self._length -= min(surplus, len(oldest))

    def _most(self, part: Motion) -> int:
        return 1 << 40 if self.longest is None else max(1, round(self.longest * part.fps))

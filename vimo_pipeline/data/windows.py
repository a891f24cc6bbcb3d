"""Training windows: random spans of motion clips, varied and put into the canonical frame."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..motion import Motion
from ..motion.features import MotionFeatures
from ..motion.placing import canonical
from ..motion.rotations import quaternion_to_matrix
from .augmentation import AUGMENTATIONS, augment_motion, check_names
from .augmentation.chance import some
from .augmentation.limits import AnatomicalLimits

TIME_WARP = 0.2  # a window is played at 80 to 120 % of its speed
STILL_SHARE = 0.15  # of windows hardly move: motion capture seldom waits, people do
STILL_SPEED = 0.3  # at most
REVERSED_SHARE = 0.3  # of windows are played backwards


class Windows(NamedTuple):
    """A batch of windows of equal length; shorter clips are padded with their last frame."""

    motion: MotionFeatures  # [B, T, ...]
    mask: Tensor  # [B, T], False where a frame is padding


class MotionBank:
    """All clips in one row of frames, to draw windows from."""

    def __init__(self, motions: Sequence[Motion]) -> None:
        if not motions:
            raise ValueError("no motion clips to draw windows from")
        lengths = torch.tensor([len(motion) for motion in motions])
        self.lengths, self.starts = lengths, lengths.cumsum(0) - lengths
        self.rotations = torch.cat([motion.rotations for motion in motions])
        self.root = torch.cat([motion.root for motion in motions])
        self.contacts = torch.cat([motion.contacts for motion in motions])
        self.limits = AnatomicalLimits.fit(self.rotations)

    def draw(
        self, batch: int, frames: int, *, generator: Generator, augment: Collection[str] = AUGMENTATIONS
    ) -> Windows:
        """`batch` random windows of `frames` frames; clips are chosen in proportion to their length."""
        check_names(augment)
        clip = torch.multinomial(self.lengths.float(), batch, replacement=True, generator=generator)
        time = self._times(clip, frames, augment, generator)
        windows = self._read(clip, time)
        motion = augment_motion(windows.motion, augment, limits=self.limits, generator=generator)
        return windows._replace(motion=canonical(motion))

    def _times(self, clip: Tensor, frames: int, augment: Collection[str], generator: Generator) -> Tensor:
        """Which frames of its clip each window reads, [B, T]; fractions lie between two."""
        speed = _speeds(len(clip), augment, generator)
        span = (frames - 1) * speed
        spare = self.lengths[clip] - 1 - span
        first = torch.rand(len(clip), generator=generator) * spare.clamp(min=0)
        time = first[:, None] + torch.arange(frames) * speed[:, None]
        if "reverse" not in augment:
            return time
        # Padding has to stay at the end, so only windows that their clip fills are turned round.
        back = (torch.rand(len(clip), generator=generator) < REVERSED_SHARE) & (spare >= 0)
        return torch.where(back[:, None], time.flip(1), time)

    def _read(self, clip: Tensor, time: Tensor) -> Windows:
        last = (self.lengths[clip] - 1)[:, None]
        mask = time <= last + 1e-3
        time = torch.minimum(time, last)
        left = time.floor().long().clamp(min=0)
        right = torch.minimum(left + 1, last)
        part = (time - left)[..., None]
        left, right = left + self.starts[clip, None], right + self.starts[clip, None]
        quaternions = _lerp_quaternions(self.rotations[left], self.rotations[right], part[..., None])
        motion = MotionFeatures(
            quaternion_to_matrix(quaternions),
            self.contacts[left],
            torch.lerp(self.root[left], self.root[right], part),
        )
        return Windows(motion, mask)


def _speeds(batch: int, augment: Collection[str], generator: Generator) -> Tensor:
    """How fast each window is played, [B]; 1 is as recorded."""
    speed = torch.ones(batch)
    if "warp" in augment:
        speed += TIME_WARP * (2 * torch.rand(batch, generator=generator) - 1)
    if "still" in augment:
        slow = STILL_SPEED * torch.rand(batch, generator=generator)
        speed = torch.where(some(batch, STILL_SHARE, generator), slow, speed)
    return speed


def _lerp_quaternions(left: Tensor, right: Tensor, part: Tensor) -> Tensor:
    """Linear between neighbouring frames, which is as good as slerp over so small an angle."""
    right = torch.where((left * right).sum(-1, keepdim=True) < 0, -right, right)
    return torch.lerp(left, right, part)

"""Clips longer than the model's window: overlapping windows that agree on one motion at every denoising step.

MimicMotion fuses overlapping tiles in its latent space. Here every window lives in its own canonical frame,
so its prediction is first turned and moved onto its neighbours, then averaged with position weights.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..motion.features import MotionFeatures, unpack_features
from ..motion.rotations import heading_angle, turn_about_y

WINDOWS_AT_ONCE = 16  # bounds memory for long videos


@dataclass(frozen=True)
class WindowPlan:
    """Which frames each window holds. All windows are equally long."""

    starts: tuple[int, ...]
    length: int
    frames: int  # of the whole clip

    @classmethod
    def cover(cls, frames: int, *, window: int, overlap: int) -> "WindowPlan":
        """As few windows as cover all frames with at least `overlap` frames shared by neighbours."""
        if not 0 < overlap < window:
            raise ValueError(f"overlap must be between 1 and {window - 1} frames, got {overlap}")
        if frames <= window:
            return cls((0,), frames, frames)
        count = 1 + -(-(frames - window) // (window - overlap))
        starts = torch.linspace(0, frames - window, count).round().long().tolist()
        return cls(tuple(starts), window, frames)

    def cut(self, sequence: Tensor) -> Tensor:
        """[N, frames, ...] -> [N, K, length, ...]."""
        return torch.stack([sequence[:, start : start + self.length] for start in self.starts], 1)

    def weights(self) -> Tensor:
        """How much each frame of a window counts, [length]: most in its middle (as MimicMotion's tiles)."""
        place = (torch.arange(self.length) + 0.5) * 2 / self.length
        return torch.minimum(place, 2 - place)

    def merge(self, windows: Tensor) -> Tensor:
        """The weighted mean of all windows: [N, K, length, D] -> [N, frames, D]."""
        weights = self.weights().to(windows)[:, None]
        total = windows.new_zeros(len(windows), self.frames, windows.shape[-1])
        share = windows.new_zeros(self.frames, 1)
        for index, start in enumerate(self.starts):
            total[:, start : start + self.length] += windows[:, index] * weights
            share[start : start + self.length] += weights
        return total / share


def fuse(features: Tensor, plan: WindowPlan) -> tuple[Tensor, Tensor]:
    """One motion for the whole clip and what every window should have predicted to agree with it.

    features: [N, K, length, 151], each window in its own canonical frame -> [N, frames, 151] in the frame of
    the first window, and [N, K, length, 151] back in the windows' frames.
    """
    if len(plan.starts) == 1:
        return features[:, 0], features
    motion = unpack_features(features)
    turn, shift = _placements(motion, plan)
    whole = plan.merge(_place(motion, turn, shift).pack())
    placed = unpack_features(plan.cut(whole))
    return unpack_features(whole).pack(), _place(placed, turn.mT, -_rotate(turn.mT, shift)).pack()


def _placements(motion: MotionFeatures, plan: WindowPlan) -> tuple[Tensor, Tensor]:
    """Turn [N, K, 3, 3] and shift [N, K, 3] of each window into the frame of the first."""
    first = motion.root.new_zeros(len(motion.root))
    turns, shifts = [turn_about_y(first)], [motion.root.new_zeros(len(first), 3)]
    for index in range(1, len(plan.starts)):
        turn, shift = _onto_neighbour(motion, plan, index)
        shifts.append(shifts[-1] + _rotate(turns[-1], shift))
        turns.append(turns[-1] @ turn)
    return torch.stack(turns, 1), torch.stack(shifts, 1)


def _onto_neighbour(motion: MotionFeatures, plan: WindowPlan, index: int) -> tuple[Tensor, Tensor]:
    """The turn about y and the level shift that lay a window on the one before, in the frames they share."""
    step = plan.starts[index] - plan.starts[index - 1]
    before, after = slice(step, None), slice(None, plan.length - step)
    old, new = motion.rotations[:, index - 1, before, 0], motion.rotations[:, index, after, 0]
    turn = turn_about_y(heading_angle((old @ new.mT).sum(1)))  # least squares over the shared frames
    gap = motion.root[:, index - 1, before] - _rotate(turn[:, None], motion.root[:, index, after])
    return turn, gap.mean(1) * gap.new_tensor([1, 0, 1])  # both stand on the floor y = 0


def _place(motion: MotionFeatures, turn: Tensor, shift: Tensor) -> MotionFeatures:
    """Windows turned about y and moved. turn: [N, K, 3, 3]; shift: [N, K, 3]."""
    pelvis = turn[:, :, None] @ motion.rotations[..., 0, :, :]
    rotations = torch.cat([pelvis[..., None, :, :], motion.rotations[..., 1:, :, :]], -3)
    root = _rotate(turn[:, :, None], motion.root) + shift[:, :, None]
    return motion._replace(rotations=rotations, root=root)


def _rotate(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]

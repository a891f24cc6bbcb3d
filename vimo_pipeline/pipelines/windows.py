"""Clips longer than the model's window: overlapping windows that agree on one motion at every denoising step.

MimicMotion fuses overlapping tiles in its latent space. Here every window lives in its own canonical frame,
so its prediction is first turned onto its neighbours. Rotations are then averaged as rotations. What is a sum
over time, heading and path, is averaged as what is summed, turns and steps: a body never goes faster between
two windows because they differ on where it stands.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..motion.features import MotionFeatures, unpack_features
from ..motion.placing import canonical
from ..motion.rotations import heading_angle, matrix_to_quaternion, quaternion_to_matrix, turn_about_y

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
        if frames < 1:
            raise ValueError(f"there must be at least one frame to cover, got {frames}")
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

    def shares(self) -> Tensor:
        """The weights of all windows over their sum in each frame of the clip, [K, length]."""
        weights = self.weights()
        total = torch.zeros(self.frames)
        for start in self.starts:
            total[start : start + self.length] += weights
        return weights / self.cut(total[None])[0]

    def merge(self, windows: Tensor) -> Tensor:
        """The weighted mean of all windows: [N, K, length, D] -> [N, frames, D]."""
        weighed = windows * self.shares().to(windows)[..., None]
        total = windows.new_zeros(len(windows), self.frames, windows.shape[-1])
        for index, start in enumerate(self.starts):
            total[:, start : start + self.length] += weighed[:, index]
        return total

    def merge_rotations(self, windows: Tensor) -> Tensor:
        """The weighted mean of quaternions, [N, K, length, J, 4] -> [N, frames, J, 4].

        The sum of those on one side of the sphere, made a unit again: between two rotations it lies on the
        arc of slerp, and it does not depend on how the body's or the world's axes point, as a mean of 6D
        numbers does (Markley et al. 2007 for larger angles).
        """
        weighed = windows * self.shares().to(windows)[..., None, None]
        total = windows.new_zeros(len(windows), self.frames, *windows.shape[-2:])
        for index, start in enumerate(self.starts):
            so_far, more = total[:, start : start + self.length], weighed[:, index]
            so_far += torch.where((so_far * more).sum(-1, keepdim=True) < 0, -more, more)
        return torch.nn.functional.normalize(total, dim=-1)

    def between(self) -> "WindowPlan":
        """The plan of what lies between neighbouring frames: one fewer than the frames."""
        return replace(self, length=self.length - 1, frames=self.frames - 1)


def fuse(features: Tensor, plan: WindowPlan) -> tuple[Tensor, Tensor]:
    """One motion for the whole clip and what every window should have predicted to agree with it.

    features: [N, K, length, 151], each window in its own canonical frame -> [N, frames, 151] and
    [N, K, length, 151], canonical too.
    """
    if len(plan.starts) == 1:
        return features[:, 0], features
    motion = _facing_alike(unpack_features(features), plan)
    upright = plan.merge(torch.cat([motion.contacts, motion.root[..., 1:2]], -1))
    rotations = quaternion_to_matrix(plan.merge_rotations(matrix_to_quaternion(motion.rotations)))
    turning, path = _summed(motion, rotations[:, :, 0], plan)
    pelvis = turning @ rotations[:, :, 0]
    rotations = torch.cat([pelvis[:, :, None], rotations[:, :, 1:]], 2)
    root = torch.stack([path[..., 0], upright[..., -1], path[..., 2]], -1)
    whole = canonical(MotionFeatures(rotations, upright[..., :-1], root)).pack()
    return whole, cut_canonical(whole, plan)


def cut_canonical(whole: Tensor, plan: WindowPlan) -> Tensor:
    """Windows of motions, each in its own canonical frame. [N, frames, 151] -> [N, K, length, 151]."""
    windows = plan.cut(whole)
    return canonical(unpack_features(windows.flatten(0, 1))).pack().view_as(windows)


def _facing_alike(motion: MotionFeatures, plan: WindowPlan) -> MotionFeatures:
    """Every window turned about y, by least squares over the frames it shares with the one before."""
    turns = [turn_about_y(motion.root.new_zeros(len(motion.root)))]
    for index, (before, start) in enumerate(zip(plan.starts, plan.starts[1:], strict=False)):
        old = motion.rotations[:, index, start - before :, 0]
        new = motion.rotations[:, index + 1, : plan.length - (start - before), 0]
        turns.append(turns[-1] @ turn_about_y(heading_angle((old @ new.mT).sum(1))))
    turn = torch.stack(turns, 1)[:, :, None]  # [N, K, 1, 3, 3]
    rotations = torch.cat([(turn @ motion.rotations[..., 0, :, :])[..., None, :, :],
                           motion.rotations[..., 1:, :, :]], -3)  # fmt: skip
    return motion._replace(rotations=rotations, root=_rotate(turn, motion.root))


def _summed(motion: MotionFeatures, pelvis: Tensor, plan: WindowPlan) -> tuple[Tensor, Tensor]:
    """The turn about y that the merged pelvis lacks, [N, frames, 3, 3], and the path, [N, frames, 3].

    Turns and steps from frame to frame are merged and summed; steps turn along. pelvis: [N, frames, 3, 3].
    """
    steps = torch.cat([motion.root.diff(dim=2), _turns(motion.rotations[..., 0, :, :])[..., None]], -1)
    steps = plan.between().merge(steps)
    lacking = (steps[..., 3] - _turns(pelvis)).cumsum(1)
    turning = turn_about_y(torch.nn.functional.pad(lacking, (1, 0)))
    start = motion.root[:, 0, :1]
    path = torch.cat([start, start + _rotate(turning[:, :-1], steps[..., :3]).cumsum(1)], 1)
    return turning, path


def _turns(pelvis: Tensor) -> Tensor:
    """How far a body turns about y from each frame to the next, radians. [..., T, 3, 3] -> [..., T - 1].

    The twist of the turn itself, so it is defined upside down as well, where a heading is not.
    """
    return heading_angle(pelvis[..., 1:, :, :] @ pelvis[..., :-1, :, :].mT)


def _rotate(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]

"""More motion from little, [B, T, ...]: windows mirrored, with the arms of others, a looser upper body."""

import torch
from torch import Generator, Tensor

from ..motion.features import MotionFeatures
from ..motion.rotations import axis_angle_to_matrix
from ..motion.skeleton import joint_indices, mirror_permutation
from .smooth_noise import smooth_noise

_ARM = ("collar", "shoulder", "elbow", "wrist", "hand")
ARMS = {side: joint_indices(tuple(f"{side}_{joint}" for joint in _ARM)) for side in ("left", "right")}
BORROWED_SHARE = 0.3  # of windows have the left arm of another, and as many the right

# Joints that may move a little otherwise than they did, with the deviation in radians. The legs may not:
# their feet would leave the floor.
_LOOSE = {
    ("spine1", "spine2", "spine3", "neck", "head"): 0.08,
    ("left_collar", "right_collar"): 0.08,
    ("left_shoulder", "right_shoulder"): 0.35,
    ("left_elbow", "right_elbow"): 0.25,
}
LOOSE_SHARE = 0.5  # of windows


def augment_motion(motion: MotionFeatures, *, generator: Generator) -> MotionFeatures:
    """All of it, at random."""
    motion = mirror_half(motion, generator)
    rotations = borrow_arms(motion.rotations, generator)
    return motion._replace(rotations=loosen(rotations, generator))


def mirror(motion: MotionFeatures) -> MotionFeatures:
    """Left and right exchanged; the batched form of `Motion.mirror`."""
    flip = motion.root.new_tensor([-1, 1, 1])
    rotations = motion.rotations[..., mirror_permutation(), :, :] * flip[:, None] * flip
    return MotionFeatures(rotations, motion.contacts[..., [1, 0, 3, 2]], motion.root * flip)


def mirror_half(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """A random half of the windows mirrored."""
    heads = torch.rand(len(motion.root), generator=generator) < 0.5
    return MotionFeatures(
        *(
            torch.where(heads.view(-1, *[1] * (plain.ndim - 1)), turned, plain)
            for plain, turned in zip(motion, mirror(motion), strict=True)
        )
    )


def borrow_arms(rotations: Tensor, generator: Generator) -> Tensor:
    """Single arms taken from other windows of the batch: they say little about each other and nothing about
    the feet. [B, T, 24, 3, 3]."""
    rotations = rotations.clone()
    for arm in ARMS.values():
        lenders = torch.randperm(len(rotations), generator=generator)
        takes = torch.rand(len(rotations), 1, 1, 1, 1, generator=generator) < BORROWED_SHARE
        rotations[:, :, arm] = torch.where(takes, rotations[lenders][:, :, arm], rotations[:, :, arm])
    return rotations


def loosen(rotations: Tensor, generator: Generator) -> Tensor:
    """Slow random turns added to the joints of the upper body. [B, T, 24, 3, 3]."""
    batch, frames = rotations.shape[:2]
    rotations = rotations.clone()
    loose = torch.rand(batch, 1, 1, 1, generator=generator) < LOOSE_SHARE
    for names, deviation in _LOOSE.items():
        joints = joint_indices(names)
        curves = smooth_noise(batch * len(joints) * 3, frames, generator).view(batch, len(joints), 3, frames)
        turns = axis_angle_to_matrix(deviation * loose * curves.movedim(-1, 1))
        rotations[:, :, joints] = rotations[:, :, joints] @ turns
    return rotations

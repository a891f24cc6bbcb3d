"""More motion from little, [B, T, ...]: windows mirrored, with the arms of others, a looser upper body."""

import torch
from torch import Generator, Tensor

from ..motion.features import MotionFeatures
from ..motion.kinematics import forward_kinematics
from ..motion.rotations import axis_angle_to_matrix
from ..motion.skeleton import CONTACT_JOINTS, joint_indices, mirror_permutation
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

CROUCH_SHARE = 0.3  # of windows bend their knees, and as many bow
DEEPEST_BEND, DEEPEST_BOW = 0.75, 0.9  # radians
_LEGS = (("pelvis",), ("left_hip", "right_hip"), ("left_knee", "right_knee"), ("left_ankle", "right_ankle"))


def augment_motion(motion: MotionFeatures, *, generator: Generator) -> MotionFeatures:
    """All of it, at random."""
    motion = crouch(mirror_half(motion, generator), generator)
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


def crouch(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """Some windows with knees more bent and trunk more bowed, slowly changing; the feet keep their place.

    Hip, knee and ankle turn by -a, 2a and -a about the body's left, which moves a foot straight up; the
    pelvis then sinks until the lower foot is where it was. Squats are rare in mocap and common in videos.
    """
    batch, frames = motion.root.shape[:2]
    bend, bow = (
        limit * _sometimes(batch, CROUCH_SHARE, generator) * _ramp(smooth_noise(batch, frames, generator))
        for limit in (DEEPEST_BEND, DEEPEST_BOW)
    )  # [B, T] radians
    rotations = motion.rotations.clone()
    pelvis, hips, knees, ankles = (joint_indices(names) for names in _LEGS)
    rotations[:, :, pelvis] = rotations[:, :, pelvis] @ _about_left(bow)
    rotations[:, :, hips] = _about_left(-bow - bend) @ rotations[:, :, hips]
    rotations[:, :, knees] = rotations[:, :, knees] @ _about_left(2 * bend)
    rotations[:, :, ankles] = _about_left(-bend) @ rotations[:, :, ankles]
    sunk = _lowest(rotations, motion.root) - _lowest(motion.rotations, motion.root)
    root = motion.root - sunk[..., None] * motion.root.new_tensor([0, 1, 0])
    return motion._replace(rotations=rotations, root=root)


def _sometimes(batch: int, share: float, generator: Generator) -> Tensor:
    return (torch.rand(batch, 1, generator=generator) < share).float()


def _ramp(curve: Tensor) -> Tensor:
    """A curve of deviation 1 squeezed between 0 and 1."""
    return torch.sigmoid(2 * curve)


def _about_left(angles: Tensor) -> Tensor:
    """Turns about +x, the body's left, [B, T] -> [B, T, 1, 3, 3]; positive tips forward."""
    return axis_angle_to_matrix(angles[..., None, None] * angles.new_tensor([1.0, 0.0, 0.0]))


def _lowest(rotations: Tensor, root: Tensor) -> Tensor:
    """Height of the lowest foot joint, [B, T] metres."""
    feet = forward_kinematics(rotations, root)[..., joint_indices(CONTACT_JOINTS), 1]
    return feet.amin(-1)


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

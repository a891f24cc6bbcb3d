"""Bent knees and bowed trunks, which are rare in motion capture and common in videos."""

import torch
from torch import Generator, Tensor

from ...motion.features import MotionFeatures
from ...motion.rotations import axis_angle_to_matrix
from ...motion.skeleton import joint_indices
from ..smooth_noise import smooth_noise
from .chance import some
from .standing import stand

SHARE = 0.3  # of windows bend their knees, and as many bow
DEEPEST_BEND, DEEPEST_BOW = 0.75, 0.9  # radians
_LEGS = (("pelvis",), ("left_hip", "right_hip"), ("left_knee", "right_knee"), ("left_ankle", "right_ankle"))


def crouch(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """Some windows with knees more bent and trunk more bowed, slowly changing; the feet keep their place.

    Hip, knee and ankle turn by -a, 2a and -a about the body's left, which moves a foot straight up; the
    pelvis then sinks until the lower foot is where it was. [B, T, ...].
    """
    bend, bow = (_turning(motion, limit, generator) for limit in (DEEPEST_BEND, DEEPEST_BOW))  # [B, T]
    rotations = motion.rotations.clone()
    pelvis, hips, knees, ankles = (joint_indices(names) for names in _LEGS)
    rotations[:, :, pelvis] = rotations[:, :, pelvis] @ _about_left(bow)
    rotations[:, :, hips] = _about_left(-bow - bend) @ rotations[:, :, hips]
    rotations[:, :, knees] = rotations[:, :, knees] @ _about_left(2 * bend)
    rotations[:, :, ankles] = _about_left(-bend) @ rotations[:, :, ankles]
    return stand(rotations, motion)


def _turning(motion: MotionFeatures, limit: float, generator: Generator) -> Tensor:
    """An angle between 0 and the limit that changes slowly; 0 for windows that are left alone. [B, T]."""
    batch, frames = motion.root.shape[:2]
    curve = torch.sigmoid(2 * smooth_noise(batch, frames, generator))
    return limit * some(batch, SHARE, generator)[:, None] * curve


def _about_left(angles: Tensor) -> Tensor:
    """Turns about +x, the body's left, [B, T] -> [B, T, 1, 3, 3]; positive tips forward."""
    return axis_angle_to_matrix(angles[..., None, None] * angles.new_tensor([1.0, 0.0, 0.0]))

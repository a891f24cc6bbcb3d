"""Whole bodies tipped over: floor work, falls and flips, of which motion capture holds minutes."""

import math

import torch
from torch import Generator

from ...motion.contacts import foot_contacts_of
from ...motion.features import MotionFeatures
from ...motion.kinematics import forward_kinematics
from ...motion.rotations import axis_angle_to_matrix
from ...motion.skeleton import CONTACT_JOINTS, joint_indices
from ..smooth_noise import smooth_noise
from .chance import some
from .standing import FPS

SHARE = 0.12  # of windows
FARTHEST = math.pi / 2
BODY_RADIUS = 0.07  # metres from the lowest joint to the floor under it


def tilt(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """Some windows tipped about a level axis by a slowly changing angle, then laid onto the floor."""
    chosen = some(len(motion.root), SHARE, generator)
    tipped = _tip(MotionFeatures(*(part[chosen] for part in motion)), generator)
    whole = MotionFeatures(*(part.clone() for part in motion))
    for into, part in zip(whole, tipped, strict=True):
        into[chosen] = part
    return whole


def _tip(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    batch, frames = motion.root.shape[:2]
    direction = 2 * math.pi * torch.rand(batch, 1, generator=generator)
    angle = FARTHEST * torch.rand(batch, 1, generator=generator)
    angle = angle * torch.sigmoid(1 + 2 * smooth_noise(batch, frames, generator))
    axis = torch.stack([direction.cos(), torch.zeros_like(direction), direction.sin()], -1)
    rotations = motion.rotations.clone()
    rotations[:, :, 0] = axis_angle_to_matrix(angle[..., None] * axis) @ rotations[:, :, 0]
    joints = forward_kinematics(rotations, motion.root)
    drop = (BODY_RADIUS - joints[..., 1].amin(-1))[..., None] * motion.root.new_tensor([0, 1, 0])
    feet = joints[..., joint_indices(CONTACT_JOINTS), :] + drop[..., None, :]
    return MotionFeatures(rotations, foot_contacts_of(feet, fps=FPS), motion.root + drop)

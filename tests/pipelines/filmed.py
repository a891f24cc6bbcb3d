"""Motions and what a camera sees of them, for the tests of guidance and ranking."""

import torch
from torch import Tensor

from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.rotations import axis_angle_to_matrix
from vimo_pipeline.motion.skeleton import joint_index
from vimo_pipeline.pipelines.following.guidance import Sight

FRAMES = 20
CAMERA = axis_angle_to_matrix(torch.tensor([0.2, 0.8, -0.1]))
METRES = 0.5  # in a unit of the keypoints


def a_motion(seed: int) -> Tensor:
    """A body that moves slowly, [1, T, 151]."""
    swing = 0.3 * torch.randn(1, 1, 24, 3, generator=torch.Generator().manual_seed(seed))
    time = torch.linspace(0, 0.3, FRAMES)[None, :, None, None]
    rotations = axis_angle_to_matrix(swing * torch.cos(time))
    return MotionFeatures(rotations, torch.zeros(1, FRAMES, 4), torch.zeros(1, FRAMES, 3)).pack()


def turned_joint(features: Tensor, name: str, angle: float, *, axis: int = 2) -> Tensor:
    """The same motion with one joint turned further."""
    motion = unpack_features(features)
    rotations = motion.rotations.clone()
    turn = axis_angle_to_matrix(angle * torch.eye(3)[axis])
    rotations[..., joint_index(name), :, :] = rotations[..., joint_index(name), :, :] @ turn
    return motion._replace(rotations=rotations).pack()


def filmed(features: Tensor) -> Sight:
    """An exact picture of a motion from far away and an exact estimate of its depth."""
    motion = unpack_features(features)
    orientations, joints = joint_transforms(motion.rotations, motion.root)
    picture = (coco_from_joints(orientations, joints) @ CAMERA.T)[..., :2] / METRES
    keypoints = torch.cat([picture, torch.ones(*picture.shape[:-1], 1)], -1)
    return Sight(keypoints, joints @ CAMERA.T, torch.zeros(1, FRAMES, dtype=torch.long))

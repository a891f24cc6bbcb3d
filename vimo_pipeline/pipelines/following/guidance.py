"""What the camera saw of every window, and how a prediction is moved towards it after each denoising step."""

from typing import NamedTuple

import torch
from torch import Tensor

from ...motion.features import unpack_features
from ...motion.kinematics import forward_kinematics
from ..windows import WINDOWS_AT_ONCE
from .camera_solving import solve_turns
from .lift_guidance import follow_lift
from .reprojection import follow_picture


class Sight(NamedTuple):
    """What the camera saw of K windows."""

    keypoints: Tensor  # [K, W, 17, 3] normalised
    camera_joints: Tensor  # [K, W, 24, 3] metres along the camera's axes, as the encoder estimates them
    shots: Tensor  # [K, W] number of the shot a frame belongs to

    def expand(self, hypotheses: int) -> "Sight":
        """The same for every hypothesis: [N * K, W, ...]."""
        return Sight(*(each.expand(hypotheses, *each.shape).flatten(0, 1) for each in self))

    def split(self, windows: int) -> list["Sight"]:
        """Parts of at most so many windows."""
        return [Sight(*part) for part in zip(*(each.split(windows) for each in self), strict=True)]


def follow(features: Tensor, sight: Sight, *, lift_strength: float, reprojection_strength: float) -> Tensor:
    """Predicted windows moved towards what was seen, [N, K, W, 151] -> the same shape.

    Strengths are between 0 (off) and 1: of swinging limbs to the encoder's depth, and of moving body points
    to their keypoints.
    """
    if lift_strength == 0 and reprojection_strength == 0:
        return features
    parts = features.flatten(0, 1).split(WINDOWS_AT_ONCE)
    seen = sight.expand(len(features)).split(WINDOWS_AT_ONCE)
    moved = [_follow(*each, lift_strength, reprojection_strength) for each in zip(parts, seen, strict=True)]
    return torch.cat(moved).view_as(features)


def _follow(features: Tensor, sight: Sight, lift_strength: float, reprojection_strength: float) -> Tensor:
    keypoints, camera_joints, shots = sight
    turn = turns(features, sight)
    if lift_strength > 0:
        features = follow_lift(features, camera_joints, keypoints[..., 2], turn=turn, strength=lift_strength)
    if reprojection_strength > 0:
        features = follow_picture(features, keypoints, shots, turn=turn, strength=reprojection_strength)
    return features


def turns(features: Tensor, sight: Sight) -> Tensor:
    """How the camera of every frame is turned, world to camera. [B, W, 151] -> [B, W, 3, 3]."""
    motion = unpack_features(features)
    joints = forward_kinematics(motion.rotations, torch.zeros_like(motion.root))
    return solve_turns(joints, sight.camera_joints, sight.keypoints[..., 2], sight.shots)

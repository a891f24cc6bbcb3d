"""Which hypothesis explains the picture best, and where hypotheses disagree."""

import torch
from torch import Tensor

from ..keypoints.body_points import coco_from_joints
from ..motion.features import unpack_features
from ..motion.kinematics import forward_kinematics, joint_transforms
from ..motion.rotations import turn_about_y
from .following.camera_solving import solve_cameras
from .following.guidance import Sight, turns
from .windows import WINDOWS_AT_ONCE


def rank(features: Tensor, sight: Sight, *, likeliest_first: bool) -> tuple[Tensor, Tensor]:
    """The order of hypotheses from best to worst by re-projection and their errors in that order, [N] each.

    features: [N, K, W, 151], the windows of every hypothesis. Among equals the earlier stays ahead. With
    likeliest_first the first drawn stays ahead of all: of the others none is nearer to the truth on average
    (docs/RESULTS.md), as a picture tells little of depth.
    """
    errors = reprojection_error(features, sight)
    key = errors.clone()
    if likeliest_first:
        key[0] = -1
    order = key.argsort(stable=True)
    return order, errors[order]


def reprojection_error(features: Tensor, sight: Sight) -> Tensor:
    """Mean distance of body points from their keypoints in body sizes, weighted by confidence.

    features: [N, K, W, 151] -> [N]. A body size is the root-mean-square distance of keypoints from the middle
    of the hips, about half a metre. 0 where nothing was seen.
    """
    parts = features.flatten(0, 1).split(WINDOWS_AT_ONCE)
    seen = sight.expand(len(features)).split(WINDOWS_AT_ONCE)
    distance = torch.cat([_distance(*each) for each in zip(parts, seen, strict=True)])
    distance = distance.unflatten(0, features.shape[:2])  # [N, K, W, 17]
    confidence = sight.keypoints[..., 2]
    return (confidence * distance).sum((1, 2, 3)) / confidence.sum().clamp(min=1e-6)


def _distance(features: Tensor, sight: Sight) -> Tensor:
    """Of every body point from its keypoint in the picture, [B, W, 17] body sizes."""
    motion = unpack_features(features)
    points = coco_from_joints(*joint_transforms(motion.rotations, torch.zeros_like(motion.root)))
    cameras = solve_cameras(points, sight.keypoints, sight.shots, turn=turns(features, sight))
    return (cameras.project(cameras.place(points)) - sight.keypoints[..., :2]).norm(dim=-1)


def joint_spread(features: Tensor) -> Tensor:
    """How far hypotheses of one clip lie apart: deviation of each joint in metres, [N, T, 151] -> [T, 24].

    Every hypothesis is turned about y as a whole onto the first, and pelvises are laid onto one another, so
    that the pose counts and not the place.
    """
    motion = unpack_features(features)
    joints = forward_kinematics(motion.rotations, torch.zeros_like(motion.root))
    aligned = face_alike(joints, joints[:1])
    return (aligned - aligned.mean(0)).square().sum(-1).mean(0).sqrt()


def face_alike(joints: Tensor, target: Tensor) -> Tensor:
    """Clips turned about y, each as a whole, onto a target by least squares. [N, T, J, 3] twice."""
    x, z, aim_x, aim_z = joints[..., 0], joints[..., 2], target[..., 0], target[..., 2]
    along, across = (x * aim_x + z * aim_z).sum((1, 2)), (z * aim_x - x * aim_z).sum((1, 2))
    turning = turn_about_y(torch.atan2(across, along))
    return joints @ turning.mT[:, None]

"""Where the COCO-17 keypoints sit on the SMPL skeleton."""

import torch
from torch import Tensor

from ..motion.skeleton import JOINT_NAMES, joint_index
from .keypoints import COCO_NAMES

# keypoint: (SMPL joint that carries it, offset in that joint's frame in metres: x to the left, y up, z forward).
# Fitted to what mediapipe 0.10.21 reports on 540 rendered frames of moving people seen from all sides
# (examples/measure_detector.py): a detector's hips and shoulders are not where SMPL has its joints.
_LEFT = {
    "eye": ("head", (0.0274, 0.1086, 0.0868)),
    "ear": ("head", (0.0558, 0.0828, 0.0376)),
    "shoulder": ("collar", (0.1109, 0.0534, 0.0017)),
    "elbow": ("elbow", (0.0077, 0.0, 0.0160)),
    "wrist": ("wrist", (0.0052, -0.0009, -0.0051)),
    "hip": ("pelvis", (0.0998, -0.0455, -0.0010)),
    "knee": ("knee", (0.0037, 0.0066, -0.0076)),
    "ankle": ("ankle", (0.0080, 0.0194, 0.0031)),
}
_NOSE = ("head", (0.0, 0.0804, 0.1163))


def _attachment(keypoint: str) -> tuple[str, tuple[float, float, float]]:
    """The carrying SMPL joint of a COCO keypoint and the offset from it; the right side mirrors the left."""
    side, _, part = keypoint.partition("_")
    if not part:
        return _NOSE
    joint, (x, y, z) = _LEFT[part]
    joint = joint if joint in JOINT_NAMES else f"{side}_{joint}"
    return joint, (x if side == "left" else -x, y, z)


_JOINTS = [joint_index(_attachment(name)[0]) for name in COCO_NAMES]
_OFFSETS = torch.tensor([_attachment(name)[1] for name in COCO_NAMES])


def coco_from_joints(orientations: Tensor, positions: Tensor) -> Tensor:
    """COCO-17 points in the world, metres, [..., 17, 3].

    orientations: [..., 24, 3, 3] and positions: [..., 24, 3] of the SMPL joints, from `joint_transforms`.
    """
    offsets = _OFFSETS.to(positions)[..., None]
    return positions[..., _JOINTS, :] + (orientations[..., _JOINTS, :, :] @ offsets)[..., 0]

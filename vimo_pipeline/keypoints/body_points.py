"""Where the COCO-17 keypoints sit on the SMPL skeleton."""

import torch
from torch import Tensor

from ..motion.skeleton import JOINT_NAMES, PARENTS, joint_index
from .keypoints import COCO_NAMES

# keypoint: (SMPL joint that carries it, offset in that joint's frame: metres to the left, up and forward).
# Least squares against what mediapipe 0.10.21 reports on 4,590 rendered frames of moving people seen from all
# sides: a detector's hips and shoulders are not where SMPL has its joints. `benchmarks/detector_noise.py
# --offsets` fits them anew.
_LEFT = {
    "eye": ("head", (0.027, 0.104, 0.091)),
    "ear": ("head", (0.055, 0.081, 0.039)),
    "shoulder": ("collar", (0.109, 0.052, 0.002)),
    "elbow": ("elbow", (0.013, 0.003, 0.018)),
    "wrist": ("wrist", (0.009, 0.001, -0.002)),
    "hip": ("pelvis", (0.100, -0.051, 0.001)),
    "knee": ("knee", (0.002, 0.003, -0.007)),
    "ankle": ("ankle", (0.008, 0.021, 0.006)),
}
_NOSE = ("head", (0.0, 0.074, 0.120))


def attachment(keypoint: str) -> tuple[str, tuple[float, float, float]]:
    """The carrying SMPL joint of a COCO keypoint and the offset from it; the right side mirrors the left."""
    side, _, part = keypoint.partition("_")
    if not part:
        return _NOSE
    joint, (x, y, z) = _LEFT[part]
    joint = joint if joint in JOINT_NAMES else f"{side}_{joint}"
    return joint, (x if side == "left" else -x, y, z)


# The SMPL joint that carries each keypoint.
CARRIERS = [joint_index(attachment(name)[0]) for name in COCO_NAMES]
_OFFSETS = torch.tensor([attachment(name)[1] for name in COCO_NAMES])


def coco_from_joints(orientations: Tensor, positions: Tensor) -> Tensor:
    """COCO-17 points in the world, metres, [..., 17, 3].

    orientations: [..., 24, 3, 3] and positions: [..., 24, 3] of the SMPL joints, from `joint_transforms`.
    """
    offsets = _OFFSETS.to(positions)[..., None]
    return positions[..., CARRIERS, :] + (orientations[..., CARRIERS, :, :] @ offsets)[..., 0]


def firm_points(joints: Tensor) -> Tensor:
    """Keypoints that stand firm: their joint and all joints above it are known. [..., 24] -> [..., 17]."""
    chain = [joints[..., 0]]
    for joint, parent in list(enumerate(PARENTS))[1:]:
        chain.append(chain[parent] & joints[..., joint])
    return torch.stack(chain, -1)[..., CARRIERS]

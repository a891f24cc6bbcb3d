"""Where the COCO-17 keypoints sit on the SMPL skeleton."""

import torch
from torch import Tensor

from ..motion.skeleton import joint_index

# keypoint: (SMPL joint that carries it, offset in that joint's frame in metres: x to the left, y up, z forward)
_ATTACHMENT = {
    "nose": ("head", (0.0, 0.045, 0.125)),
    "left_eye": ("head", (0.032, 0.08, 0.105)),
    "right_eye": ("head", (-0.032, 0.08, 0.105)),
    "left_ear": ("head", (0.073, 0.06, 0.02)),
    "right_ear": ("head", (-0.073, 0.06, 0.02)),
    "left_shoulder": ("left_shoulder", (0.0, 0.0, 0.0)),
    "right_shoulder": ("right_shoulder", (0.0, 0.0, 0.0)),
    "left_elbow": ("left_elbow", (0.0, 0.0, 0.0)),
    "right_elbow": ("right_elbow", (0.0, 0.0, 0.0)),
    "left_wrist": ("left_wrist", (0.0, 0.0, 0.0)),
    "right_wrist": ("right_wrist", (0.0, 0.0, 0.0)),
    "left_hip": ("pelvis", (0.09, -0.07, -0.01)),
    "right_hip": ("pelvis", (-0.09, -0.07, -0.01)),
    "left_knee": ("left_knee", (0.0, 0.0, 0.0)),
    "right_knee": ("right_knee", (0.0, 0.0, 0.0)),
    "left_ankle": ("left_ankle", (0.0, 0.0, 0.0)),
    "right_ankle": ("right_ankle", (0.0, 0.0, 0.0)),
}
_JOINTS = [joint_index(joint) for joint, _ in _ATTACHMENT.values()]
_OFFSETS = torch.tensor([offset for _, offset in _ATTACHMENT.values()])


def coco_from_joints(orientations: Tensor, positions: Tensor) -> Tensor:
    """COCO-17 points in the world, metres, [..., 17, 3].

    orientations: [..., 24, 3, 3] and positions: [..., 24, 3] of the SMPL joints, from `joint_transforms`.
    """
    offsets = _OFFSETS.to(positions)[..., None]
    return positions[..., _JOINTS, :] + (orientations[..., _JOINTS, :, :] @ offsets)[..., 0]

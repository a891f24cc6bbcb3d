"""Turning a predicted motion towards what the encoder makes of the picture.

Besides its pose code the encoder estimates where the joints are along the camera's axes
(`ViMoTransformer.lift`). It knows no floor, no heading and no rotation about a bone, but of rare poses it
makes more than the denoiser does. So it is turned into the world by the camera that `camera_solving` finds,
each limb of the motion is swung towards it as far as its keypoints were seen, and everything else stays as
the diffusion has it.

The estimate is itself some degrees off, and common poses the denoiser knows better. So limbs that point
nearly where the estimate has them stay, and only those that are far from it follow.
"""

import torch
from torch import Tensor

from ...keypoints.keypoints import COCO_NAMES
from ...motion.features import unpack_features
from ...motion.kinematics import joints_by_depth
from ...motion.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from ...motion.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, rest_offsets
from .camera_solving import nearest_rotation
from .seen_joints import smooth

DOUBT = 0.2  # radians: limbs so far from the estimate go half the way that others go
_CHILDREN = [[child for child, above in enumerate(PARENTS) if above == joint] for joint in range(NUM_JOINTS)]
# Joints that can be turned at once, equally deep in the body and with as many children.
_TURNS = [
    (same, torch.tensor([_CHILDREN[joint] for joint in same]).long())
    for level in joints_by_depth()
    for count in range(4)
    if (same := [joint for joint in level if len(_CHILDREN[joint]) == count])
]
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
# Keypoints that show which way the bones below a joint point.
_SHOWN_BY = {"pelvis": _TRUNK, "spine1": _TRUNK, "spine2": _TRUNK, "spine3": _TRUNK,
             "neck": _FACE, "head": _FACE}  # fmt: skip
_NEXT = {"hip": "knee", "knee": "ankle", "ankle": "ankle", "foot": "ankle", "collar": "shoulder",
         "shoulder": "elbow", "elbow": "wrist", "wrist": "wrist", "hand": "wrist"}  # fmt: skip


def follow_lift(
    features: Tensor, camera_joints: Tensor, confidence: Tensor, *, turn: Tensor, strength: float
) -> Tensor:
    """Motions whose limbs point where the camera saw them, [B, W, 151].

    features: [B, W, 151] not normalised; camera_joints: [B, W, 24, 3] metres along the camera's axes;
    confidence: [B, W, 17]; turn: [B, W, 3, 3] world to camera; strength: 0 leaves the motion alone, with 1
    limbs that are far off and surely seen go all the way.
    """
    motion = unpack_features(features)
    target = smooth(camera_joints @ turn)  # in the motion's world
    part = strength * smooth(seen_share(confidence))  # [B, W, 24]
    return motion._replace(rotations=_swing(motion.rotations, target, part)).pack()


def seen_share(confidence: Tensor) -> Tensor:
    """How far the direction of the bones below each joint was seen, [..., 17] -> [..., 24] in [0, 1]."""
    return torch.stack([confidence[..., _keypoints_of(name)].mean(-1) for name in JOINT_NAMES], -1)


def _swing(rotations: Tensor, target: Tensor, part: Tensor) -> Tensor:
    """From the pelvis outwards, turn the bones below each joint part of the way. [B, W, 24, 3, 3]."""
    offsets = rest_offsets(like=target)
    world: dict[int, Tensor] = {-1: torch.eye(3).to(target).expand(*rotations.shape[:2], 3, 3)}
    local: dict[int, Tensor] = {}
    for joints, children in _TURNS:
        above = torch.stack([world[PARENTS[joint]] for joint in joints], -3)
        turned = above @ rotations[..., joints, :, :]
        if children.numel():
            bones = offsets[children] @ turned.mT  # [B, W, joints, children, 3] as they point now
            aims = target[..., children, :] - target[..., joints, :][..., None, :]
            turned = _part_of(_swing_between(bones, aims), part[..., joints][..., None]) @ turned
        world |= zip(joints, turned.unbind(-3), strict=True)
        local |= zip(joints, (above.mT @ turned).unbind(-3), strict=True)
    return torch.stack([local[joint] for joint in range(NUM_JOINTS)], -3)


def _swing_between(bones: Tensor, aims: Tensor) -> Tensor:
    """Axis-angle of the turn from bones to aims, [..., 3].

    For a single bone it is the shortest one, which leaves the twist about it alone.
    """
    if bones.shape[-2] > 1:
        return matrix_to_axis_angle(nearest_rotation(bones, aims))
    bone, aim = (torch.nn.functional.normalize(one[..., 0, :], dim=-1) for one in (bones, aims))
    axis = torch.linalg.cross(bone, aim)
    length = axis.norm(dim=-1, keepdim=True)
    angle = torch.atan2(length, (bone * aim).sum(-1, keepdim=True))
    return axis / length.clamp(min=1e-7) * angle


def _part_of(axis_angles: Tensor, part: Tensor) -> Tensor:
    """Part of a turn as a matrix: nearly all of that part if it is a large one, little if it is small."""
    squared = axis_angles.square().sum(-1, keepdim=True)
    return axis_angle_to_matrix(part * squared / (squared + DOUBT**2) * axis_angles)


def _keypoints_of(joint: str) -> list[int]:
    side, _, part = joint.partition("_")
    names = _SHOWN_BY.get(joint) or (f"{side}_{_NEXT[part]}",)
    return [COCO_NAMES.index(name) for name in names]

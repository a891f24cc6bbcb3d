"""Where the camera saw the joints: the encoder says how deep they are, the picture where."""

import torch
from torch import Tensor

from ...keypoints.keypoints import COCO_NAMES, MIRRORED
from ...models import ViMoTransformer
from ...motion.skeleton import joint_indices, mirror_permutation

SMOOTHING = 1.5  # frames: deviation of the Gaussian that takes the estimate's jitter away

_LIMBS = tuple(
    f"{side}_{joint}"
    for joint in ("shoulder", "elbow", "wrist", "knee", "ankle")
    for side in ("left", "right")
)
# Joints that are put where their keypoint was seen, and what goes along.
_ENDS = {"wrist": "hand", "ankle": "foot"}
_PINNED = {
    name: (name, name.replace(end, _ENDS[end])) if (end := name.partition("_")[2]) in _ENDS else (name,)
    for name in _LIMBS[2:]
}


def estimate_joints(transformer: ViMoTransformer, keypoints: Tensor) -> Tensor:
    """Joints along the camera's axes in metres, [B, W, 17, 3] -> [B, W, 24, 3].

    The mean of what the encoder makes of the picture and of its mirror image (as VideoPose3D does), with the
    limbs where the picture has them.
    """
    return encode_and_estimate(transformer, keypoints)[1]


def encode_and_estimate(transformer: ViMoTransformer, keypoints: Tensor) -> tuple[Tensor, Tensor]:
    """The pose code, [B, W, D], and the joints of `estimate_joints`, [B, W, 24, 3], in one look."""
    codes = transformer.encode(torch.cat([keypoints, mirror(keypoints, MIRRORED)]))
    plain, flipped = transformer.lifted(codes).chunk(2)
    joints = (plain + mirror(flipped, mirror_permutation())).float() / 2
    return codes[: len(keypoints)], pin_to_picture(joints, keypoints.float())


def pin_to_picture(joints: Tensor, keypoints: Tensor) -> Tensor:
    """Elbows, wrists, knees and ankles put where they were seen; how deep they are stays. [B, W, 24, 3].

    The picture is laid onto the joints by the scale and shift that fit each frame best. Hands and feet go
    along.
    """
    limbs, seen = joint_indices(_LIMBS), keypoints[..., [COCO_NAMES.index(name) for name in _LIMBS], :]
    place, confidence = seen[..., :2], seen[..., 2:]
    there = _fit(place, joints[..., limbs, :2], confidence)
    shift = confidence * (there - joints[..., limbs, :2])
    pinned = joints.clone()
    for joint, along in _PINNED.items():
        pinned[..., joint_indices(along), :2] += shift[..., _LIMBS.index(joint), None, :]
    return pinned


def _fit(points: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Points scaled and shifted onto the target by weighted least squares, the scale smoothed over time."""
    total = weights.sum(-2, keepdim=True).clamp(min=1e-6)
    middle, aim = ((each * weights).sum(-2, keepdim=True) / total for each in (points, target))
    together = ((points - middle) * (target - aim) * weights).sum((-1, -2))
    alone = ((target - aim).square() * weights).sum((-1, -2)).clamp(min=1e-4)
    size = (smooth(together) / smooth(alone)).clamp(0.3, 5.0)  # body sizes a metre, never absurd
    return (points - middle) / size[..., None, None] + aim


def mirror(points: Tensor, order: list[int]) -> Tensor:
    """x turned round and the sides of the body exchanged. [..., N, 3]."""
    return points[..., order, :] * points.new_tensor([-1, 1, 1])


def smooth(curves: Tensor) -> Tensor:
    """A Gaussian over time, the ends held. [B, W, ...]."""
    reach = round(3 * SMOOTHING)
    offsets = torch.arange(-reach, reach + 1, device=curves.device)
    weights = torch.exp(-0.5 * (offsets / SMOOTHING).square())
    frames = torch.arange(curves.shape[1], device=curves.device)
    near = (frames[:, None] + offsets).clamp(0, len(frames) - 1)  # [W, 2 reach + 1]
    return torch.einsum("bwk...,k->bw...", curves[:, near], weights / weights.sum())

"""Where the camera saw the joints, as the encoder makes it out."""

import torch
from torch import Tensor

from ...keypoints.keypoints import MIRRORED
from ...models import ViMoTransformer
from ...motion.skeleton import mirror_permutation

SMOOTHING = 1.5  # frames: deviation of the Gaussian that takes the estimate's jitter away


def estimate_joints(transformer: ViMoTransformer, keypoints: Tensor) -> Tensor:
    """Joints along the camera's axes in metres, [B, W, 17, 3] -> [B, W, 24, 3].

    The mean of what the encoder makes of the picture and of its mirror image (as VideoPose3D does).
    """
    return encode_and_estimate(transformer, keypoints)[1]


def encode_and_estimate(transformer: ViMoTransformer, keypoints: Tensor) -> tuple[Tensor, Tensor]:
    """The pose code, [B, W, D], and the joints of `estimate_joints`, [B, W, 24, 3], in one look."""
    codes = transformer.encode(torch.cat([keypoints, mirror(keypoints, MIRRORED)]))
    plain, flipped = transformer.lifted(codes).chunk(2)
    joints = (plain + mirror(flipped, mirror_permutation())).float() / 2
    return codes[: len(keypoints)], joints


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

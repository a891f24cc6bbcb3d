"""The slow part of one motion with the quick part of another: ILVR's low-pass, over time.

ILVR (Choi et al. 2021, arXiv 2108.02938; jychoi118/ilvr_adm) puts the low frequencies of a reference picture
into every step: x' = x - phi(x) + phi(y). Here phi runs over frames, as in partner dancing by diffusion
(arXiv 2511.00011), and is a projection: it keeps the slowest cosines (DCT-II) of every number.
"""

import math

import torch
from torch import Tensor

from ..motion.features import MotionFeatures, turn_features, unpack_features
from ..motion.rotations import heading_angle, turn_about_y


def slow_part(curves: Tensor, *, cutoff: float, fps: float) -> Tensor:
    """What of curves changes at most `cutoff` times a second, [..., T, D] -> the same shape.

    A constant is always slow; phi(phi(x)) = phi(x); with cutoff >= fps / 2 everything is slow.
    """
    waves = _slow_waves(curves.shape[-2], cutoff, fps).to(curves)  # [T, K]
    return waves @ (waves.mT @ curves)


def with_slow_part(quick: Tensor, slow: Tensor, *, cutoff: float, fps: float) -> Tensor:
    """The quick part of motions on the slow part of another. [N, T, 151] and [T, 151] -> [N, T, 151].

    Detail is carried as the body sees it: it is turned from the slow heading of its own motion to that of the
    other, so that a sway to the left stays one. Contacts are those of the quick motion.
    """
    one, other = (unpack_features(each).pack() for each in (quick, slow))
    turning = turn_about_y(
        _slow_heading(other, cutoff=cutoff, fps=fps) - _slow_heading(one, cutoff=cutoff, fps=fps)
    )
    detail = turn_features(one - slow_part(one, cutoff=cutoff, fps=fps), turning)
    mixed = unpack_features(detail + slow_part(other, cutoff=cutoff, fps=fps))
    return MotionFeatures(mixed.rotations, unpack_features(one).contacts, mixed.root).pack()


def _slow_waves(frames: int, cutoff: float, fps: float) -> Tensor:
    """The cosines of at most `cutoff` Hz, orthonormal, [T, K]; cosine k has k / 2 periods in T frames."""
    count = min(frames, 1 + int(2 * frames * cutoff / fps + 1e-6))
    time, wave = torch.arange(frames)[:, None] + 0.5, torch.arange(count)
    waves = torch.cos(math.pi * time * wave / frames) * math.sqrt(2 / frames)
    waves[:, 0] /= math.sqrt(2)
    return waves


def _slow_heading(features: Tensor, *, cutoff: float, fps: float) -> Tensor:
    """Where the body faces, without its sway, [..., T] radians; it may turn any number of times."""
    angles = heading_angle(unpack_features(features).rotations[..., 0, :, :])
    steps = torch.remainder(angles.diff(dim=-1) + math.pi, 2 * math.pi) - math.pi
    whole = torch.cat([angles[..., :1], angles[..., :1] + steps.cumsum(-1)], -1)
    return slow_part(whole[..., None], cutoff=cutoff, fps=fps)[..., 0]

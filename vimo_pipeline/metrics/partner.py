"""Whether a generated partner moves as the human does, and still brings something of its own.

The two figures of Okupnik et al. 2025 (arXiv 2511.00011), over interaction strength: FID on positions of
joints and diversity. All that is known of its features is that they are positions, so figures here are in
metres and are not those of the paper (49.1 at strength 40, 112 without a human).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ..motion import Motion
from .distribution import frechet_distance


class PartnerScores(NamedTuple):
    """One setting of the partner against the humans it danced with."""

    fid: float
    """Fréchet distance of poses, m²; 0 is best. It does not see who danced with whom."""
    fid_floor: float
    """The same between every second human and the others: what people alone have."""
    mimicry: float
    """1 - distance to the own human / distance to other humans: 1 is a copy, 0 is chance."""
    diversity: float
    """Mean distance of a joint between two partners, metres; 0 where all do the same."""
    human_diversity: float
    """The same of the humans, which a perfect copy has."""


def partner_scores(partners: Sequence[Motion], humans: Sequence[Motion]) -> PartnerScores:
    """Partner n danced with human n. At least four pairs, all clips of one length and frame rate.

    Good is an FID near its floor and a high mimicry, at a diversity not below the humans'. By chance mimicry
    is 0, and FID that of people who do other things: 109 Bandai clips for partners of 109 others have 0.54 m²
    at a floor of 0.06, and -0.09. The human's own first pose, held, mimics by 0.32 and has the FID of 0.84.
    """
    own, theirs = positions(partners), positions(humans)
    if own.shape != theirs.shape or len(own) < 4:
        raise ValueError(
            f"partners and humans must be as many, four or more, of one length; got {len(own)} clips of "
            f"{own.shape[1]} frames and {len(theirs)} of {theirs.shape[1]}"
        )
    if partners[0].fps != humans[0].fps:
        raise ValueError(f"frame rates differ: partners {partners[0].fps}, humans {humans[0].fps}")
    between = _distances(own, theirs)  # [N, N]
    return PartnerScores(
        fid=frechet_distance(_poses(own), _poses(theirs)),
        fid_floor=frechet_distance(_poses(theirs[::2]), _poses(theirs[1::2])),
        mimicry=1 - float(between.diagonal().mean()) / _mean_of_pairs(between),
        diversity=_mean_of_pairs(_distances(own, own)),
        human_diversity=_mean_of_pairs(_distances(theirs, theirs)),
    )


def scores_over_strength(
    partners: Mapping[int, Sequence[Motion]], humans: Sequence[Motion]
) -> dict[int, PartnerScores]:
    """`partner_scores` for every interaction strength, rising. FID should fall and mimicry rise with it."""
    return {strength: partner_scores(partners[strength], humans) for strength in sorted(partners)}


def positions(motions: Sequence[Motion]) -> Tensor:
    """Joints over the point of the floor below the pelvis, metres, double precision, [N, T, 24, 3]."""
    shapes = {(len(motion), motion.fps) for motion in motions}
    if len(shapes) != 1:
        raise ValueError(f"clips must have one length and frame rate, got {sorted(shapes) or 'none'}")
    joints = torch.stack([motion.joints() for motion in motions]).double()
    return joints - joints[:, :, :1] * joints.new_tensor([1, 0, 1])


def _poses(joints: Tensor) -> Tensor:
    """One row a frame, [N, T, 24, 3] -> [N x T, 72]."""
    return joints.flatten(0, 1).flatten(1)


def _distances(a: Tensor, b: Tensor) -> Tensor:
    """Mean distance of joints, clip against clip, [N, T, 24, 3] twice -> [N, N]. Row by row: memory."""
    return torch.stack([(clip - b).norm(dim=-1).mean((1, 2)) for clip in a])


def _mean_of_pairs(distances: Tensor) -> float:
    """Mean of what is off the diagonal; not 0, as it is divided by."""
    count = len(distances)
    total = distances.sum() - distances.diagonal().sum()
    return max(float(total) / (count * (count - 1)), 1e-12)

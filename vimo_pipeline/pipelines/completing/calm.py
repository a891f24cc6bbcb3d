"""Imagined motion drawn towards a calmer way across its gap.

A network that has seen little motion makes too much of what it knows: people who wait are made to move, and
a way never seen is bent to one that was. So the likeliest motion goes a part of the way to what the
delta-interpolator says, and of several hypotheses, one of which may well do less than all the others, the
last one most of the way to the bridge.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import avg_pool1d, max_pool1d

from ...motion.features import MotionFeatures, unpack_features
from ...motion.mask import COLUMNS, columns_of
from ...motion.rotations import matrix_to_axis_angle, slerp_matrices
from ...motion.skeleton import NUM_JOINTS
from ...motion.smoothing import smooth_features
from .keeping import Known, keep

LEARNED, BRIDGED = 0.75, 0.25  # shares of the way to what the delta-interpolator says, and to the bridge
WALKING = 0.5  # of that for legs and path: steps are imagined, and the median of many steps slides
CALM_FROM = 4  # hypotheses: among fewer, each is wanted for what it does
CALMEST = 0.9  # of the way, for the last of them
_ALIKE, _OTHERWISE = math.radians(60), math.radians(120)
_AROUND = 31  # frames
_ROUNDED = 5.0  # frames, deviation in which the bridge turns off from what is known


def usual_calming(*, learned: bool) -> float:
    """How far the likeliest goes unless told otherwise, with and without a delta-interpolator."""
    return LEARNED if learned else BRIDGED


def has_calm(hypotheses: int, known: Known) -> bool:
    """Whether one of so many is calm: what is known nowhere has no shortest way."""
    return hypotheses >= CALM_FROM and bool(known.mask.kept.any(0).all())


def gaps_of(known: Known) -> Tensor:
    """What is missing between known frames, [T, 27]: only there the bridge leads anywhere."""
    return known.between() & ~known.mask.kept


def shortest_way(known: Known) -> Tensor:
    """The shortest way over what is not known, its corners rounded, [1, T, 151]."""
    return keep(smooth_features(known.bridged().pack(), _ROUNDED), known)


def calmed(imagined: Tensor, way: Tensor, known: Known, share: float | Tensor) -> Tensor:
    """Completed motions some share of the way to another one. [N, T, 151] -> the same, not normalised.

    way: [1, T, 151]; share: 0 to 1, one for all or one a frame and column, [T, 27].
    """
    across, ours = unpack_features(way), unpack_features(imagined)
    shares = torch.as_tensor(share, dtype=imagined.dtype, device=imagined.device).expand(
        known.mask.kept.shape
    )
    joints, contacts, path, height = shares.split([NUM_JOINTS, 1, 1, 1], -1)
    agreed = joints * _agreement(ours.rotations, across.rotations)
    rotations = slerp_matrices(ours.rotations, across.rotations, agreed[..., None])
    contacts = torch.lerp(ours.contacts, across.contacts, contacts)
    root = torch.lerp(ours.root, across.root, torch.cat([path, height, path], -1))
    return keep(MotionFeatures(rotations, contacts, root).pack(), known)


def _readiness(device: torch.device) -> Tensor:
    """How far each column goes of the way that is asked for, [27]: toes may bend, nothing slides for that."""
    walks = {*columns_of("legs", "contacts", "path", "height")} - {"left_foot", "right_foot"}
    return torch.tensor([WALKING if column in walks else 1.0 for column in COLUMNS], device=device)


def _agreement(ours: Tensor, theirs: Tensor) -> Tensor:
    """1 where two ways turn a joint much alike, 0 where it is turned otherwise, [N, T, 24].

    Between opposite rotations the middle jumps from one side to the other. So it is told from the furthest
    that they come apart within a second, and changes no faster.
    """
    apart = matrix_to_axis_angle(ours.mT @ theirs).norm(dim=-1).mT  # [N, 24, T]
    furthest = max_pool1d(apart, _AROUND, stride=1, padding=_AROUND // 2)
    smooth = avg_pool1d(furthest, _AROUND, stride=1, padding=_AROUND // 2, count_include_pad=False)
    return ((_OTHERWISE - smooth) / (_OTHERWISE - _ALIKE)).clamp(0, 1).mT


def calm_down(whole: Tensor, way: Callable[[], Tensor], known: Known, *, first: float, last: bool) -> Tensor:
    """The first motion calmed by a share in gaps; if wanted, one that goes nearly the shortest way behind
    the others. Legs and the path go half as far as the rest.

    way: gives where the first is drawn to, [1, T, 151]; nobody asks where there is no gap or no share.
    """
    likeliest, others = whole[:1], whole[1:]
    share = first * _readiness(whole.device) * gaps_of(known)
    calmest = [calmed(likeliest, shortest_way(known), known, CALMEST)] if last else []
    first_calmed = calmed(likeliest, way(), known, share) if share.any() else likeliest
    return torch.cat([first_calmed, others, *calmest])

"""Imagined motion drawn towards the shortest way across its gap.

A network that has seen little motion makes too much of what it knows: people who wait are made to move, and
a way never seen is bent to one that was. So the likeliest motion goes a part of the way to the bridge, and of
several hypotheses, one of which may well do less than all the others, the last one most of it.
"""

import torch
from torch import Tensor

from ...motion.features import MotionFeatures, unpack_features
from ...motion.rotations import slerp_matrices
from ...motion.smoothing import smooth_features
from .keeping import Known, keep

CALM_FROM = 4  # hypotheses: among fewer, each is wanted for what it does
CALMEST = 0.9  # of the way, for the last of them
_ROUNDED = 5.0  # frames, deviation in which the bridge turns off from what is known


def has_calm(hypotheses: int, known: Known) -> bool:
    """Whether one of so many is calm: what is known nowhere has no shortest way."""
    return hypotheses >= CALM_FROM and bool(known.mask.kept.any(0).all())


def crosses(known: Known) -> bool:
    """Whether all that is missing lies between what is known: only there does the bridge lead anywhere."""
    return bool(known.mask.kept[[0, -1]].all())


def calmed(imagined: Tensor, known: Known, share: float) -> Tensor:
    """Completed motions some share of the way to the bridge. [N, T, 151] -> the same, not normalised."""
    across = unpack_features(keep(smooth_features(known.bridged().pack(), _ROUNDED), known))
    ours = unpack_features(imagined)
    rotations = slerp_matrices(ours.rotations, across.rotations, share)
    contacts, root = (torch.lerp(*both, share) for both in zip(ours[1:], across[1:], strict=True))
    return keep(MotionFeatures(rotations, contacts, root).pack(), known)


def calm_down(whole: Tensor, known: Known, *, first: float, last: bool) -> Tensor:
    """The first of completed motions calmed by a share; if wanted, its calmest form behind the others."""
    likeliest, others = whole[:1], whole[1:]
    calmest = [calmed(likeliest, known, CALMEST)] if last else []
    return torch.cat([calmed(likeliest, known, first) if first > 0 else likeliest, others, *calmest])

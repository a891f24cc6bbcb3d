"""The calmest hypothesis: from the likeliest motion two thirds of the way to the shortest way across the gap.

A network that has seen little motion makes too much of what it knows: people who wait are made to move, and
a way never seen is bent to one that was. Of several hypotheses one may well do less than all the others.
"""

from torch import Tensor, cat

from ...motion.smoothing import smooth_features
from .clusters import mean_motion
from .keeping import Known, keep

CALM_FROM = 4  # hypotheses: among fewer, each is wanted for what it does
_ROUNDED = 5.0  # frames, deviation in which the bridge turns off from what is known


def has_calm(hypotheses: int, known: Known, *, likeliest_first: bool, guided: bool) -> bool:
    """Whether one of the hypotheses is calm. What a video shows, or is known nowhere, has no shortest way."""
    return likeliest_first and not guided and hypotheses >= CALM_FROM and bool(known.mask.kept.any(0).all())


def calmed(likeliest: Tensor, known: Known) -> Tensor:
    """From a completed motion two thirds of the way to the bridge. [1, T, 151], not normalised."""
    across = keep(smooth_features(known.bridged().pack(), _ROUNDED), known)
    return keep(mean_motion(cat([likeliest, across, across])), known)

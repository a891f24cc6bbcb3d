"""Planted feet of a completed motion held still, on a path that goes where it is known to go.

Between known places the imagined path has a start and an end to meet, and what feet say of their speed adds
up to metres by the time it arrives. Beyond them nothing but the feet tells how far the body goes.
"""

import torch
from torch import Tensor

from ...motion.features import unpack_features
from ...motion.foot_locking import lock_features
from ...motion.foot_path import led_by_feet
from ...motion.mask import COLUMNS
from .keeping import Known, keep


def hold_feet(whole: Tensor, known: Known, *, fps: float) -> Tensor:
    """Completed motions whose planted feet stand still, [N, T, 151] -> the same shape, not normalised.

    Legs alone hold them, over the floor: how high a foot is was imagined from the same known poses as the
    pelvis, and better than it is on average over its stand. The path follows feet only before it is first
    known and after it was last.
    """
    beyond = open_path(known)
    if beyond.any():
        whole = keep(_led(whole, beyond, fps=fps), known)
    return keep(lock_features(whole, fps=fps, follow_feet=False, level=True), known)


def open_path(known: Known) -> Tensor:
    """Frames without a known place before or without one behind, [T] bool."""
    return ~known.between()[:, COLUMNS.index("path")]


def _led(whole: Tensor, beyond: Tensor, *, fps: float) -> Tensor:
    """The path follows planted feet in some frames, and nowhere else goes another way. beyond: [T] bool."""
    motion = unpack_features(whole)
    shift = unpack_features(led_by_feet(whole, fps=fps)).root - motion.root
    steps = shift.diff(dim=1) * beyond[1:, None]
    moved = torch.cat([shift[:, :1], shift[:, :1] + steps.cumsum(1)], 1)
    return motion._replace(root=motion.root + moved).pack()

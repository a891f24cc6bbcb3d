"""The simplest guess at what is not known of a motion: everything goes the shortest way to where it is known.

Joints slerp, the root and the contacts go evenly from the last known frame to the next; beyond the first and
the last known frame they stay as they are there.
"""

import torch
from torch import Tensor

from .features import MotionFeatures
from .mask import COLUMNS
from .neighbours import frames_like, neighbours
from .placing import Stand, stand_of
from .rotations import slerp_matrices
from .skeleton import NUM_JOINTS

_CONTACTS, _PATH, _HEIGHT = (COLUMNS.index(name) for name in ("contacts", "path", "height"))


def bridge(motion: MotionFeatures, kept: Tensor) -> MotionFeatures:
    """Motions whose unknown parts are bridged; those are never looked at. [B, T, ...], kept: [B, T, 27].

    Columns of `kept` are as in `Mask`. What is known nowhere is at rest: not turned, at the origin.
    """
    before, after, part = _ends(kept)
    rotations = _bridged_turns(motion.rotations, *(each[..., :NUM_JOINTS] for each in (before, after, part)))
    contacts = _bridged(motion.contacts, before, after, part, [_CONTACTS] * motion.contacts.shape[-1])
    root = _bridged(motion.root, before, after, part, [_PATH, _HEIGHT, _PATH])
    known = kept.any(1, keepdim=True).expand_as(kept)
    rest = torch.eye(3).to(rotations)
    return MotionFeatures(
        torch.where(known[..., :NUM_JOINTS, None, None], rotations, rest),
        contacts * known[..., _CONTACTS, None],
        root * torch.stack([known[..., _PATH], known[..., _HEIGHT], known[..., _PATH]], -1),
    )


def gap_stand(bridged: MotionFeatures, kept: Tensor) -> Stand:
    """Where bridged motions, [B, T, ...], stand as their first gap begins; kept: [B, T, 27].

    What a gap asks for is learned sooner seen from there than from the world's origin (Oreshkin et al. 2022).
    """
    return stand_of(bridged, (~kept.all(-1)).int().argmax(1))


def _ends(kept: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The known frames on either side of each one, and how far it is from the first to the second, 0 to 1."""
    frames, (before, after) = kept.shape[1], neighbours(kept)
    before, after = (
        torch.where(before < 0, after, before).clamp(max=frames - 1),
        torch.where(after == frames, before, after).clamp(min=0),
    )
    return before, after, (frames_like(kept) - before) / (after - before).clamp(min=1)


def _bridged_turns(rotations: Tensor, before: Tensor, after: Tensor, part: Tensor) -> Tensor:
    """[B, T, 24, 3, 3]."""
    start, stop = (rotations.gather(1, end[..., None, None].expand_as(rotations)) for end in (before, after))
    return slerp_matrices(start, stop, part[..., None])


def _bridged(curves: Tensor, before: Tensor, after: Tensor, part: Tensor, columns: list[int]) -> Tensor:
    """[B, T, D], of which each number belongs to a column."""
    start, stop = (curves.gather(1, end[..., columns]) for end in (before, after))
    return torch.lerp(start, stop, part[..., columns])

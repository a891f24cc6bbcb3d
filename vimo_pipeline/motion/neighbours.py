"""Which known frames lie on either side of each frame."""

import torch
from torch import Tensor


def neighbours(known: Tensor) -> tuple[Tensor, Tensor]:
    """The last known frame up to each one and the first from it on; just outside, -1 and T, where none is.

    known: [B, T, ...] bool -> [B, T, ...] twice.
    """
    frames = known.shape[1]
    time = frames_like(known)
    before = torch.where(known, time, -1).cummax(1).values
    after = torch.where(known, time, frames).flip(1).cummin(1).values.flip(1)
    return before, after


def frames_like(known: Tensor) -> Tensor:
    """Of every entry its frame, [B, T, ...]."""
    time = torch.arange(known.shape[1], device=known.device)
    return time.view(-1, *[1] * (known.ndim - 2)).expand_as(known)

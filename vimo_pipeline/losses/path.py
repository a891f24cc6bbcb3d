"""The path through a gap, whose two ends are known."""

import torch
from torch import Tensor

_EVEN = 0.1  # metres up to which errors count squared


def path_loss(predicted: Tensor, clean: Tensor, missing: Tensor) -> Tensor:
    """How far the root is from where it was in a gap. [B, T, 3] metres twice, [B, T] bool -> [B, T].

    Less the line from what it is off by before the gap to what it is off by behind it, which completion takes
    off as well (`completing/keeping.py`). What is left counts squared up to 10 cm and evenly beyond
    (pseudo-Huber): paths are sums over time, and a few that go astray by metres would drown the others.
    missing: one gap a clip; a clip that lacks its first or last frame counts nothing.
    """
    off = _less_the_line(predicted - clean, missing)
    loss = 2 * _EVEN**2 * ((1 + off.square().sum(-1) / _EVEN**2).sqrt() - 1)
    closed = ~(missing[:, :1] | missing[:, -1:])
    return loss * (missing & closed)


def _less_the_line(off: Tensor, missing: Tensor) -> Tensor:
    """Residuals, [B, T, 3], less the line between those at both ends of a gap, [B, T]."""
    clips, frames = missing.shape
    first, last = missing.int().argmax(1), frames - 1 - missing.flip(1).int().argmax(1)
    clip, time = torch.arange(clips, device=off.device), torch.arange(frames, device=off.device)
    before, behind = off[clip, (first - 1).clamp(min=0)], off[clip, (last + 1).clamp(max=frames - 1)]
    part = ((time - first[:, None] + 1) / (last - first + 2)[:, None]).clamp(0, 1)
    return off - torch.lerp(before[:, None], behind[:, None], part[..., None])

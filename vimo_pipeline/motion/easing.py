"""Curves that are known for some frames and eased in between."""

from itertools import pairwise

import torch
from torch import Tensor

from .planted import Span, runs


def fill_between(curve: Tensor, known: Tensor, ease: int) -> Tensor:
    """As known where it is known, zero far from there and smooth on the way. curve: [T, D], known: [T].

    ease: frames in which a known value is left for zero or reached from it; gaps of up to twice as many are
    crossed at once. Positions and velocities go on as they were; there is no acceleration at the ends, for
    that of the known frames is mostly noise.
    """
    spans = runs(known)
    filled = torch.where(known[:, None], curve, torch.zeros_like(curve))
    if not spans:
        return filled
    zero = curve.new_zeros(2, curve.shape[1])
    first, last = spans[0][0], spans[-1][1] - 1
    gaps = [(first - ease, zero, first, _state(curve, spans[0], 0))]
    for left, right in pairwise(spans):
        start, stop = left[1] - 1, right[0]
        before, after = _state(curve, left, -1), _state(curve, right, 0)
        if stop - start <= 2 * ease:
            gaps.append((start, before, stop, after))
        else:
            gaps += [(start, before, start + ease, zero), (stop - ease, zero, stop, after)]
    gaps.append((last, _state(curve, spans[-1], -1), last + ease, zero))
    for start, before, stop, after in gaps:
        inside = slice(max(0, start + 1), max(0, min(len(curve), stop)))
        times = torch.arange(inside.start, inside.stop).to(curve)
        filled[inside] = _quintic((times - start) / (stop - start), before, after, stop - start)
    return filled


def _state(curve: Tensor, span: Span, side: int) -> Tensor:
    """Position and velocity a frame at the first (0) or last (-1) frame of a span, [2, D]."""
    inside = curve[span[0] : span[1]]
    velocity = inside.diff(dim=0)[side] if len(inside) > 1 else torch.zeros_like(inside[0])
    return torch.stack([inside[side], velocity])


def _quintic(part: Tensor, before: Tensor, after: Tensor, frames: int) -> Tensor:
    """Quintic Hermite without curvature at its ends, [n] in [0, 1] and two states [2, D] -> [n, D]."""
    scale = before.new_tensor([1, frames])[:, None]
    powers = part[:, None] ** torch.arange(6).to(part)
    return powers @ before.new_tensor(_HERMITE).mT @ torch.cat([before * scale, after * scale])


# Of x^0 ... x^5, for position and velocity at 0 and at 1.
_HERMITE = ((1, 0, 0, -10, 15, -6), (0, 1, 0, -6, 8, -3), (0, 0, 0, 10, -15, 6), (0, 0, 0, -4, 7, -3))

"""The one-euro filter (Casiez, Roussel and Vogel 2012): what calms live figures when nothing looks ahead."""

import math

import torch
from torch import Tensor

# Hertz, and hertz a (m/s): a higher cutoff is nearer to the truth and lets more jitter through.
MIN_CUTOFF, BETA, DERIVATIVE_CUTOFF = 1.0, 1.5, 1.0


def one_euro(points: Tensor, *, fps: float, min_cutoff: float = MIN_CUTOFF, beta: float = BETA) -> Tensor:
    """Every coordinate of [T, ...] low-passed, the less the faster it moves; only the past is known."""
    out, speed = [points[0]], torch.zeros_like(points[0])
    for point, before in zip(points[1:], points[:-1], strict=True):  # each step needs the one before
        speed = speed + _share(DERIVATIVE_CUTOFF, fps) * ((point - before) * fps - speed)
        cutoff = min_cutoff + beta * speed.abs()
        out.append(out[-1] + _share(cutoff, fps) * (point - out[-1]))
    return torch.stack(out)


def _share(cutoff: float | Tensor, fps: float) -> float | Tensor:
    """How much of the new value counts: 1 / (1 + tau / T) with tau = 1 / (2 pi cutoff)."""
    return 1 / (1 + fps / (2 * math.pi * cutoff))

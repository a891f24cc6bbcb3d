"""Smooth random curves: how cameras drift and shake and bodies vary."""

import math

import torch
from torch import Generator, Tensor

SLOW = (60.0, 360.0)  # frames a period: 2 to 12 s at 30 fps


def smooth_noise(
    curves: int, frames: int, generator: Generator, *, periods: tuple[float, float] = SLOW
) -> Tensor:
    """Curves of mean 0 and deviation 1, sums of three sines with random periods (in frames). [N, T]."""
    shortest, longest = periods
    period = shortest + (longest - shortest) * torch.rand(curves, 1, 3, generator=generator)
    phase = 2 * math.pi * torch.rand(curves, 1, 3, generator=generator)
    time = torch.arange(frames)[None, :, None]
    return (2 * math.pi * time / period + phase).sin().sum(-1) * math.sqrt(2 / 3)

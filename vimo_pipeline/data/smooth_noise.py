"""Slow random curves: how cameras drift and bodies vary."""

import math

import torch
from torch import Generator, Tensor


def smooth_noise(curves: int, frames: int, generator: Generator) -> Tensor:
    """Curves of mean 0 and deviation 1, sums of three sines with periods of 2 to 12 s at 30 fps. [N, T]."""
    period = 60 + 300 * torch.rand(curves, 1, 3, generator=generator)
    phase = 2 * math.pi * torch.rand(curves, 1, 3, generator=generator)
    time = torch.arange(frames)[None, :, None]
    return (2 * math.pi * time / period + phase).sin().sum(-1) * math.sqrt(2 / 3)

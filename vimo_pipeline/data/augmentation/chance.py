"""Which windows of a batch are changed."""

import torch
from torch import Generator, Tensor

from ...motion.features import MotionFeatures


def some(batch: int, share: float, generator: Generator) -> Tensor:
    """True for a random share of the windows, [B]."""
    return torch.rand(batch, generator=generator) < share


def choose(chosen: Tensor, changed: MotionFeatures, plain: MotionFeatures) -> MotionFeatures:
    """The changed window where chosen, [B], and the plain one elsewhere."""
    return MotionFeatures(
        *(
            torch.where(chosen.view(-1, *[1] * (before.ndim - 1)), after, before)
            for after, before in zip(changed, plain, strict=True)
        )
    )

"""Whether the spread of hypotheses says how far they are from the truth."""

from typing import NamedTuple

import torch
from torch import Tensor


class Calibration(NamedTuple):
    """How well a spread foretells errors. Errors that are normal in three dimensions give 0.61 and 0.99."""

    within_one: float
    """Share of errors not larger than the spread."""
    within_two: float
    """Share of errors not larger than twice the spread."""
    rank_correlation: float
    """Spearman's: 1 where the larger spread always has the larger error, 0 where it says nothing."""
    scale: float
    """What the spread has to be multiplied by to be as large as the errors, by root mean squares."""


def calibration(error: Tensor, spread: Tensor) -> Calibration:
    """How the errors of the mean hypothesis compare with the spread. Both [...], metres."""
    if error.shape != spread.shape or not error.numel():
        raise ValueError(
            f"error and spread must have one shape and some number in it, got {list(error.shape)} and "
            f"{list(spread.shape)}"
        )
    error, spread = error.flatten().double(), spread.flatten().double()
    within = [float((error <= factor * spread).double().mean()) for factor in (1, 2)]
    scale = float((error.square().mean() / spread.square().mean().clamp(min=1e-12)).sqrt())
    return Calibration(*within, _correlation(_ranks(error), _ranks(spread)), scale)


def _ranks(values: Tensor) -> Tensor:
    """Place of each value in their order, equal values sharing their mean place. [N]."""
    _, group, count = torch.unique(values, return_inverse=True, return_counts=True)
    last = count.cumsum(0) - 1
    return (last - (count - 1) / 2)[group].double()


def _correlation(a: Tensor, b: Tensor) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (a.norm() * b.norm()).clamp(min=1e-12))

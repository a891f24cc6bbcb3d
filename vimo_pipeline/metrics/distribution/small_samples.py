"""What a distance of few clips is worth: the reference against itself, and how far luck reaches."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Generator, Tensor

Distance = Callable[[Tensor, Tensor], float]  # generated [N, D], reference [M, D]


class Interval(NamedTuple):
    """Where 95 of 100 repetitions lie."""

    low: float
    high: float


class Floor(NamedTuple):
    """What clips of the reference itself score."""

    mean: float
    low: float
    high: float
    clips: int
    """How many were drawn each time; fewer than were generated where the reference is too small."""


def same_size_floor(
    distance: Distance, reference: Tensor, clips: int, *, repeats: int = 100, generator: Generator
) -> Floor:
    """Distance of `clips` clips of the reference, [M, D], from all others: what a perfect generator scores.

    The two sets share no clip. Where M < 2 `clips`, halves are compared, which makes the floor too high.
    Clips cut from one recording resemble each other, which makes it too low.
    """
    if len(reference) < 4:
        raise ValueError(f"a floor needs at least 4 reference clips, got {len(reference)}")
    clips = min(clips, len(reference) // 2)
    scores = []
    for _ in range(repeats):
        order = torch.randperm(len(reference), generator=generator)
        scores.append(distance(reference[order[:clips]], reference[order[clips:]]))
    return Floor(sum(scores) / repeats, *_middle_95(torch.tensor(scores)), clips)


def half_sample_interval(
    distance: Distance, generated: Tensor, reference: Tensor, *, repeats: int = 100, generator: Generator
) -> Interval:
    """Where the distance would lie for other clips of the same generator, as many, and the same reference.

    Deviations of random halves from their mean, around the distance of all clips. A half drawn without
    replacement varies around the whole as the whole varies around the truth (the delete-half jackknife, Shao
    and Wu 1989). The usual bootstrap draws clips twice, which makes sets less varied than they are and so
    biases FID upwards.
    """
    if len(generated) < 4:
        raise ValueError(f"an interval needs at least 4 generated clips, got {len(generated)}")
    half = len(generated) // 2
    halves = (torch.randperm(len(generated), generator=generator)[:half] for _ in range(repeats))
    scores = torch.tensor([distance(generated[rows], reference) for rows in halves], dtype=torch.float64)
    return Interval(*_middle_95(scores - scores.mean() + distance(generated, reference)))


def _middle_95(scores: Tensor) -> list[float]:
    return torch.quantile(scores.double(), torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()

"""A figure never stands alone: beside it is how far luck reaches and what doing nothing would have."""

import math
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from ..distribution import Floor, Interval

DRAWS = 1000
FEWEST = 4  # motions that an interval is made of

Rows = tuple[Tensor, Tensor]  # a value and a weight of every motion, [N] each


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    name: str
    unit: str
    value: float
    interval: Interval | None = None
    """Where 95 of 100 repetitions with as many motions would lie; None for too few motions."""
    band: Floor | None = None
    """What the row is compared with, of as many motions: the reference itself, or chance."""
    beside: float | None = None
    """One more number to compare with, such as a statue's."""
    apart: bool | None = None
    """Whether the value can be told from the band; None where there is no band."""
    digits: int = 3


@dataclass(frozen=True)
class Group:
    """Figures that are compared with the same things."""

    name: str
    against: str
    """What `band` holds."""
    beside: str
    """What `beside` holds; empty if nothing."""
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    """What a reader has to know of these figures."""


def mean_figure(
    name: str, unit: str, rows: Rows, against: Rows | None, *, generator: Generator, **rest
) -> Figure:
    """A weighted mean over motions, its interval, and where it would lie if they were like the other set."""
    figure = Figure(name, unit, weighted_mean(rows), mean_interval(rows, generator=generator), **rest)
    if against is None:
        return figure
    band = mean_band(against, len(_known(rows)[0]), generator=generator)
    if band is None or math.isnan(figure.value):
        return replace(figure, band=band)
    return replace(figure, band=band, apart=not within(figure.value, band))


def within(value: float, band: Floor | Interval) -> bool:
    """Whether luck alone could have put the value there."""
    return band.low <= value <= band.high


def weighted_mean(rows: Rows) -> float:
    """Of the motions that have a value; nan if none has."""
    values, weights = _known(rows)
    return float((values * weights).sum() / weights.sum()) if len(values) else float("nan")


def mean_interval(rows: Rows, *, generator: Generator) -> Interval | None:
    """95 % bootstrap interval of the mean, motions drawn whole: windows of one motion resemble each other."""
    values, weights = _known(rows)
    if len(values) < FEWEST:
        return None
    return Interval(*_middle_95(_drawn_means(values, weights, len(values), generator)))


def mean_band(rows: Rows, count: int, *, generator: Generator) -> Floor | None:
    """Where the mean of `count` motions would lie if they were like these: the middle 95 of 100 draws.

    N motions know their own mean only so well, so n N / (n + N) are drawn, which have the variance of the
    difference of both means.
    """
    values, weights = _known(rows)
    if len(values) < FEWEST or not count:
        return None
    drawn = max(1, round(count * len(values) / (count + len(values))))
    means = _drawn_means(values, weights, drawn, generator)
    return Floor(weighted_mean(rows), *_middle_95(means), drawn)


def _known(rows: Rows) -> Rows:
    values, weights = (part.double() for part in rows)
    known = ~values.isnan() & (weights > 0)
    return values[known], weights[known]


def _drawn_means(values: Tensor, weights: Tensor, count: int, generator: Generator) -> Tensor:
    pick = torch.randint(len(values), (DRAWS, count), generator=generator)
    return (values * weights)[pick].sum(1) / weights[pick].sum(1)


def _middle_95(means: Tensor) -> list[float]:
    return means.quantile(means.new_tensor([0.025, 0.975])).tolist()

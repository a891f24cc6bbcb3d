"""Means, intervals and bands."""

import math

import pytest
import torch
from torch import Generator

from vimo_pipeline.metrics.evaluation.figures import mean_band, mean_figure, mean_interval, weighted_mean


def rows(values, weights=None):
    values = torch.as_tensor(values, dtype=torch.float64)
    return values, torch.ones_like(values) if weights is None else torch.tensor(weights)


def draws():
    return Generator().manual_seed(0)


def normal(count, seed, shift=0.0):
    return rows(shift + torch.randn(count, generator=Generator().manual_seed(seed)))


def test_a_mean_counts_weights_and_leaves_out_what_is_not_a_number():
    assert weighted_mean(rows([1.0, 4.0, math.nan, 9.0], [2.0, 1.0, 5.0, 0.0])) == 2.0
    assert math.isnan(weighted_mean(rows([math.nan])))


def test_an_interval_is_as_wide_as_theory_says():
    interval = mean_interval(normal(400, 0), generator=draws())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 / 20, rel=0.15)
    assert mean_interval(normal(3, 0), generator=draws()) is None


def test_a_band_has_the_variance_of_both_means():
    band = mean_band(normal(100, 0), 300, generator=draws())
    assert band.high - band.low == pytest.approx(2 * 1.96 * math.sqrt(1 / 100 + 1 / 300), rel=0.15)


def test_sets_of_one_kind_are_told_apart_one_time_in_twenty():
    figures = [
        mean_figure("", "", normal(40, seed), normal(40, 1000 + seed), generator=draws())
        for seed in range(60)
    ]
    assert sum(figure.apart for figure in figures) <= 8
    assert mean_figure("", "", normal(40, 0, 1.0), normal(40, 1), generator=draws()).apart


def test_no_verdict_without_a_value_or_a_band():
    assert mean_figure("", "", rows([math.nan]), normal(40, 0), generator=draws()).apart is None
    assert mean_figure("", "", normal(40, 0), normal(3, 0), generator=draws()).apart is None

"""Floors and intervals, on normal distributions whose distance is known."""

import pytest
import torch
from torch import Generator, Tensor

from vimo_pipeline.metrics.distribution import (
    frechet_distance,
    half_sample_interval,
    kernel_distance,
    same_size_floor,
)


def normal(rows: int, columns: int, generator: Generator) -> Tensor:
    return torch.randn(rows, columns, generator=generator, dtype=torch.float64)


@pytest.fixture
def draw() -> Generator:
    return Generator().manual_seed(0)


def test_the_floor_is_what_a_perfect_generator_scores(draw):
    reference = normal(400, 6, draw)
    floor = same_size_floor(frechet_distance, reference, 40, repeats=30, generator=draw)
    perfect = [frechet_distance(normal(40, 6, draw), reference) for _ in range(30)]
    assert floor.mean == pytest.approx(sum(perfect) / 30, rel=0.2)
    assert floor.low < floor.mean < floor.high and floor.clips == 40


def test_the_floor_falls_with_the_number_of_clips(draw):
    reference = normal(600, 8, draw)
    few, many = (
        same_size_floor(frechet_distance, reference, clips, repeats=10, generator=draw).mean
        for clips in (20, 200)
    )
    assert few > 4 * many > 0


def test_the_kernel_distance_has_no_floor(draw):
    floor = same_size_floor(kernel_distance, normal(300, 4, draw), 20, repeats=60, generator=draw)
    assert floor.low < 0 < floor.high and abs(floor.mean) < 0.1 * (floor.high - floor.low)


def test_a_clip_is_never_on_both_sides(draw):
    def shared(some: Tensor, others: Tensor) -> float:
        assert len(some) + len(others) == 20
        return float(torch.isin(some, others).sum())

    floor = same_size_floor(shared, torch.arange(20.0)[:, None], 7, repeats=5, generator=draw)
    assert floor.high == 0 and floor.clips == 7


def test_halves_are_compared_where_the_reference_is_small(draw):
    assert same_size_floor(frechet_distance, normal(21, 2, draw), 500, repeats=2, generator=draw).clips == 10


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_the_interval_holds_the_truth_of_its_size_and_is_not_wasteful(draw, shift):
    """The truth is the mean over many sets of 40 clips; 95 of 100 intervals should hold it."""
    reference = normal(300, 6, draw)
    sets = [normal(40, 6, draw) + shift for _ in range(100)]
    scores = torch.tensor([frechet_distance(clips, reference) for clips in sets])
    intervals = [
        half_sample_interval(frechet_distance, clips, reference, repeats=30, generator=draw)
        for clips in sets[:25]
    ]
    held = sum(low <= scores.mean() <= high for low, high in intervals)
    assert held >= 20
    width = sum(high - low for low, high in intervals) / len(intervals)
    assert width == pytest.approx(float(3.92 * scores.std()), rel=0.5)


def test_of_a_mean_the_interval_is_that_of_the_text_book(draw):
    clips = normal(100, 1, draw)
    low, high = half_sample_interval(
        lambda some, others: float(some.mean()), clips, clips, repeats=4000, generator=draw
    )
    assert (low + high) / 2 == pytest.approx(float(clips.mean()), abs=0.02)
    assert high - low == pytest.approx(3.92 * float(clips.std()) / 10, rel=0.05)


def test_one_seed_one_interval(draw):
    a, b = normal(20, 3, draw), normal(30, 3, draw)
    first, second = (
        half_sample_interval(frechet_distance, a, b, repeats=5, generator=Generator().manual_seed(3))
        for _ in range(2)
    )
    assert first == second


def test_too_few_clips_are_refused(draw):
    with pytest.raises(ValueError, match="at least 4 reference clips, got 3"):
        same_size_floor(frechet_distance, normal(3, 2, draw), 2, generator=draw)
    with pytest.raises(ValueError, match="at least 4 generated clips, got 3"):
        half_sample_interval(frechet_distance, normal(3, 2, draw), normal(9, 2, draw), generator=draw)

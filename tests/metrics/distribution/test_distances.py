"""Distances between sets of features: values known by formula, invariances, slow twins."""

import math

import pytest
import scipy.linalg
import torch
from torch import Tensor
from torch.testing import assert_close

from vimo_pipeline.metrics.distribution import diversity, frechet_distance, kernel_distance, z_scored


def normal(rows: int, columns: int, *, seed: int = 0) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def exactly(mean: float, spread: float) -> Tensor:
    """Four rows in one dimension with this mean and this standard deviation (of samples)."""
    return (mean + spread * torch.tensor([[-1.0], [1.0], [-1.0], [1.0]]) * math.sqrt(3 / 4)).double()


@pytest.mark.parametrize(
    ("mean", "spread", "distance"), [(0, 1, 0), (3, 1, 9), (0, 4, 9), (-2, 3, 8), (1, 0, 2)]
)
def test_frechet_in_one_dimension_is_mean_and_spread_apart(mean, spread, distance):
    assert frechet_distance(exactly(mean, spread), exactly(0, 1)) == pytest.approx(distance)


def test_frechet_of_a_set_with_itself_is_nothing_and_it_has_no_direction():
    a, b = normal(30, 5), normal(40, 5, seed=1) * 2 + 1
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    turn = torch.linalg.qr(normal(5, 5, seed=2)).Q
    assert frechet_distance(a @ turn + 7, b @ turn + 7) == pytest.approx(frechet_distance(a, b))


@pytest.mark.parametrize(("rows", "columns"), [(60, 6), (200, 32)])
def test_frechet_agrees_with_the_square_root_of_scipy(rows, columns):
    mix = normal(columns, columns, seed=3)
    a, b = normal(rows, columns) @ mix, normal(rows + 10, columns, seed=1) + 0.5
    first, second = torch.cov(a.T), torch.cov(b.T)
    root = scipy.linalg.sqrtm((first @ second).numpy()).real.trace()
    expected = (a.mean(0) - b.mean(0)).square().sum() + first.trace() + second.trace() - 2 * root
    assert frechet_distance(a, b) == pytest.approx(float(expected))


def test_few_clips_are_no_trouble_for_the_square_root():
    few = normal(8, 72)
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-4)
    assert frechet_distance(few, normal(9, 72, seed=1)) > 0


def test_kernel_distance_by_hand():
    a, b = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.0], [-1.0]])
    within = 3**3 + 1**3  # 1 · 2 + 1 and 0 · -1 + 1, the only pairs
    across = (1 + 0 + 1 - 1) / 4  # products 0, -1, 0, -2
    assert kernel_distance(a, b) == pytest.approx(within - 2 * across)


def test_kernel_distance_agrees_with_a_loop_over_pairs():
    a, b = normal(7, 4), normal(9, 4, seed=1) + 0.3
    assert kernel_distance(a, b) == pytest.approx(
        mean_kernel(a, a) + mean_kernel(b, b) - 2 * mean_kernel(a, b)
    )


def mean_kernel(a: Tensor, b: Tensor) -> float:
    pairs = [(x, y) for i, x in enumerate(a) for j, y in enumerate(b) if a is not b or i != j]
    return sum((float(x @ y) / a.shape[1] + 1) ** 3 for x, y in pairs) / len(pairs)


def test_kernel_distance_of_one_distribution_is_nothing_on_average_at_any_size():
    for size in (3, 12):
        found = [
            kernel_distance(normal(size, 3, seed=seed), normal(size, 3, seed=10_000 + seed))
            for seed in range(600)
        ]
        error = torch.tensor(found).std() / len(found) ** 0.5
        assert abs(sum(found) / len(found)) < 3 * error


def test_large_sets_are_taken_in_blocks(monkeypatch):
    a, b = normal(50, 3), normal(40, 3, seed=1)
    whole = kernel_distance(a, b)
    monkeypatch.setattr("vimo_pipeline.metrics.distribution.distances._ROWS", 7)
    assert kernel_distance(a, b) == pytest.approx(whole)


def test_diversity_is_the_mean_of_all_pairs():
    assert diversity(torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])) == pytest.approx(10 / 3)
    assert diversity(torch.ones(5, 4)) == 0
    assert diversity(normal(400, 72)) == pytest.approx(math.sqrt(2 * 72), rel=0.02)


def test_z_scores_are_in_units_of_the_reference():
    reference = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
    generated, scored = z_scored(torch.tensor([[5.0, 20.0], [2.0, 0.0]]), reference)
    assert_close(scored, torch.tensor([[-1.0, -1.0], [1.0, 1.0]]).double())
    assert_close(generated, torch.tensor([[3.0, 0.0], [0.0, -2.0]]).double())


def test_scale_and_offset_of_a_feature_do_not_matter():
    a, b = normal(20, 5), normal(30, 5, seed=1)
    scale, offset = torch.tensor([1, 10, 1e-3, 5, 1e4]).double(), 3.0
    found = frechet_distance(*z_scored(a * scale + offset, b * scale + offset))
    assert found == pytest.approx(frechet_distance(*z_scored(a, b)), rel=1e-5)


def test_what_the_reference_never_varies_is_left_out():
    a, b = normal(20, 3), normal(30, 3, seed=1)
    b[:, 1] = 0.3
    generated, reference = z_scored(a, b)
    assert generated.shape == (20, 2) and reference.shape == (30, 2)
    with pytest.raises(ValueError, match="all 30 reference clips have the same features"):
        z_scored(a, torch.full((30, 3), 0.3))


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance, z_scored])
def test_sets_that_cannot_be_compared_are_refused(distance):
    with pytest.raises(ValueError, match="covariance needs at least 2 clips a set, got 1"):
        distance(normal(1, 3), normal(5, 3))
    with pytest.raises(ValueError, match=r"one D, got \[5, 3\] and \[5, 4\]"):
        distance(normal(5, 3), normal(5, 4))

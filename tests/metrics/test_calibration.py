"""Calibration: figures that can be worked out by hand."""

import pytest
import torch

from vimo_pipeline.metrics import calibration


def test_four_errors_by_hand():
    spread = torch.tensor([1.0, 2.0, 3.0, 4.0])
    error = torch.tensor([1.0, 3.0, 7.0, 2.0])  # within one: 1 and 2; within two: also 3 of 2
    found = calibration(error, spread)
    assert found.within_one == 0.5 and found.within_two == 0.75
    assert found.scale == pytest.approx((63 / 30) ** 0.5)
    # Places 0 2 3 1 against 0 1 2 3: 1 - 6 * (0 + 1 + 1 + 4) / (4 * 15)
    assert found.rank_correlation == pytest.approx(0.4)


def test_equal_values_share_their_place():
    found = calibration(torch.tensor([1.0, 1.0, 2.0]), torch.tensor([5.0, 5.0, 9.0]))
    assert found.rank_correlation == pytest.approx(1.0)


def test_normal_errors_of_a_known_spread_are_calibrated():
    spread = 0.01 + torch.rand(20_000, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(20_000, 3, generator=torch.Generator().manual_seed(1)) / 3**0.5
    found = calibration(spread * noise.norm(dim=-1), spread)
    assert found.within_one == pytest.approx(0.608, abs=0.01)  # chi square of 3 degrees below 3
    assert found.within_two == pytest.approx(0.9926, abs=0.003)
    assert found.scale == pytest.approx(1.0, abs=0.02) and found.rank_correlation > 0.5


def test_a_spread_that_is_too_small_asks_for_its_factor():
    error = torch.rand(100, generator=torch.Generator().manual_seed(0))
    assert calibration(error, error / 3).scale == pytest.approx(3.0)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="one shape"):
        calibration(torch.ones(3), torch.ones(4))
    with pytest.raises(ValueError, match="some number"):
        calibration(torch.ones(0), torch.ones(0))

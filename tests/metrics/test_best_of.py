"""The best of K, its gain, and that gain by chance."""

import pytest
import torch

from vimo_pipeline.metrics import best_of


def test_three_hypotheses_by_hand():
    found = best_of(torch.tensor([[3.0, 1.0], [2.0, 5.0], [4.0, 2.0]]))
    assert found.error.tolist() == [2, 1] and found.gain.tolist() == [1, 0]


def test_one_hypothesis_and_copies_gain_nothing():
    errors = torch.rand(1, 10, generator=torch.Generator().manual_seed(0))
    for copies in (1, 5):
        found = best_of(errors.expand(copies, 10))
        assert found.gain.max() == 0 and torch.equal(found.error, errors[0])


@pytest.mark.parametrize(("hypotheses", "gain"), [(2, 0.56), (5, 1.16), (10, 1.54)])
def test_noise_alone_gains_what_is_said(hypotheses, gain):
    errors = 5 + torch.randn(hypotheses, 20_000, generator=torch.Generator().manual_seed(0))
    assert float(best_of(errors).gain.mean()) == pytest.approx(gain, abs=0.02)


def test_wrong_errors_are_named():
    with pytest.raises(ValueError, match=r"got \[0, 4\]"):
        best_of(torch.zeros(0, 4))
    with pytest.raises(ValueError, match="NaN"):
        best_of(torch.tensor([[1.0, float("nan")]]))

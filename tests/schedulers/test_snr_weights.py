"""Loss weights against their closed forms, their sources' figures and each other."""

import math

import pytest
import torch
from diffusers.training_utils import compute_snr
from torch.testing import assert_close

from vimo_pipeline.schedulers import WEIGHTINGS, PTSSScheduler, normalize_weights, snr_weights

ALL = torch.arange(1000)
LINEAR = PTSSScheduler(beta_schedule="linear")
COSINE = PTSSScheduler(beta_schedule="squaredcos_cap_v2")

CLOSED_FORMS = {
    "constant": lambda snr, time: 1.0,
    "snr": lambda snr, time: snr,
    "min_snr": lambda snr, time: min(snr, 5.0),
    "max_snr": lambda snr, time: max(snr, 5.0),
    "trunc_snr": lambda snr, time: max(snr, 1.0),
    "soft_min_snr": lambda snr, time: 1 / (1 / snr + 1 / 5.0),
    "min_snr_sqrt_decay": lambda snr, time: min(snr, math.sqrt(1 - time)),
    "min_snr_linear_decay": lambda snr, time: min(snr, 1 - time),
    "average": lambda snr, time: 0.5 * (min(snr, 1.0) + math.sqrt(1 - time)),
}


def weights(scheduler: PTSSScheduler, name: str, *, gamma: float = 5.0, times=ALL) -> torch.Tensor:
    return snr_weights(scheduler.alphas_cumprod, times, weighting=name, gamma=gamma)


@pytest.mark.parametrize("scheduler", [LINEAR, COSINE], ids=["linear", "cosine"])
@pytest.mark.parametrize("name", WEIGHTINGS)
def test_closed_form(name, scheduler):
    bars = scheduler.alphas_cumprod.double().tolist()
    expected = [CLOSED_FORMS[name](bar / (1 - bar), t / 1000) for t, bar in enumerate(bars)]
    assert_close(weights(scheduler, name).double(), torch.tensor(expected).double(), rtol=1e-3, atol=1e-6)


def test_snr_is_that_of_diffusers():
    assert_close(weights(LINEAR, "snr"), compute_snr(LINEAR, ALL), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "gamma", "linear", "cosine"),
    [
        ("min_snr_sqrt_decay", 5.0, 0.337, 0.557),
        ("average", 5.0, 0.511, 0.650),
        ("min_snr", 1.0, 0.356, 0.633),
    ],
)
def test_mean_weight_over_the_chain(name, gamma, linear, cosine):
    """The 'sample efficiency' of the thesis (section IV: 32-36 % and 50 %) is this mean, linear schedule."""
    assert weights(LINEAR, name, gamma=gamma).mean().item() == pytest.approx(linear, abs=5e-4)
    assert weights(COSINE, name, gamma=gamma).mean().item() == pytest.approx(cosine, abs=5e-4)


def test_share_of_steps_that_teach_nothing():
    """The thesis says 70 % of steps have a near-zero min-SNR weight; below 0.01 they are a third."""
    share = [(weights(s, "min_snr", gamma=1.0) < 0.01).double().mean().item() for s in (LINEAR, COSINE)]
    assert share == pytest.approx([0.326, 0.064], abs=1e-3)
    assert not (weights(LINEAR, "average") < 0.01).any()


def test_area_of_a_normalised_weight_says_nothing_about_its_shape():
    """Figure 6 of the thesis ranks it first with 99.843 %: the trapezoid rule on a curve whose mean is 1."""
    normal = normalize_weights(weights(LINEAR, "min_snr_linear_decay"))
    assert (torch.trapezoid(normal) / 1000).item() == pytest.approx(0.99843, abs=5e-6)
    for name in WEIGHTINGS:
        assert normalize_weights(weights(LINEAR, name)).mean().item() == pytest.approx(1.0, abs=1e-5)


def test_snr_is_high_at_small_timesteps():
    """Section 3.4 (iii) of the thesis gives its early steps both the high noise and the large SNR."""
    for scheduler in (LINEAR, COSINE):
        snr = weights(scheduler, "snr")
        assert (snr.diff() < 0).all()
        assert snr[0] > 1000
        assert snr[-1] < 1e-4
        capped = weights(scheduler, "min_snr_sqrt_decay") < snr  # where the decay holds SNR down
        assert capped[:100].all()
        assert not capped[900:].any()


def test_order_of_the_family():
    low, soft, high = (weights(LINEAR, name) for name in ("min_snr", "soft_min_snr", "max_snr"))
    snr = weights(LINEAR, "snr")
    assert (soft <= low).all()
    assert (low <= snr).all()
    assert (snr <= high).all()
    assert_close(low * high, snr * 5.0, rtol=1e-4, atol=1e-6)  # min(a, b) max(a, b) = a b


@pytest.mark.parametrize("name", WEIGHTINGS)
@pytest.mark.parametrize("shape", [(), (4,), (4, 6), (2, 3, 4)])
def test_any_shape_of_timesteps(name, shape):
    times = torch.randint(1000, shape, generator=torch.Generator().manual_seed(0))
    assert_close(weights(LINEAR, name, times=times), weights(LINEAR, name)[times])


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_clean_frames_weigh_nothing_and_all_others_are_finite_and_not_negative(name):
    times = torch.tensor([[-1, 0, 999], [500, -1, -1]])
    result = weights(COSINE, name, times=times)
    assert (result[times < 0] == 0).all()
    assert torch.isfinite(result).all()
    assert (result[times >= 0] > 0).all()


def test_scheduler_reads_its_config():
    scheduler = PTSSScheduler(snr_weighting="min_snr", snr_gamma=2.0)
    times = torch.tensor([[0, 500, 999]])
    assert torch.equal(scheduler.loss_weights(times), weights(LINEAR, "min_snr", gamma=2.0, times=times))


def test_normalised_weights_have_mean_one_over_the_batch():
    times = torch.randint(1000, (8, 5), generator=torch.Generator().manual_seed(0))
    plain, normal = PTSSScheduler().loss_weights(times), PTSSScheduler(snr_normalize=True).loss_weights(times)
    assert normal.mean().item() == pytest.approx(1.0, abs=1e-6)
    assert_close(normal / normal[0, 0], plain / plain[0, 0])


def test_normalising_nothing_gives_nothing():
    assert torch.equal(normalize_weights(torch.zeros(3)), torch.zeros(3))


def test_unknown_name_lists_the_choices():
    with pytest.raises(ValueError, match="'median'; choose one of: constant, snr, min_snr"):
        PTSSScheduler(snr_weighting="median")

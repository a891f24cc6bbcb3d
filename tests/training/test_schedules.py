"""Schedules pass through the papers' numbers."""

import pytest

from vimo_pipeline.training import TrainConfig
from vimo_pipeline.training.schedules import learning_rate_factor, loss_weights, ptss_probability


def config(**options) -> TrainConfig:
    return TrainConfig(data="nowhere", **({"steps": 100, "decay": 20, "warmup": 10} | options))


def test_learning_rate_warms_up_stays_and_cools_down():
    assert learning_rate_factor(0, config()) == pytest.approx(0.1)
    assert learning_rate_factor(50, config()) == 1
    assert learning_rate_factor(90, config()) == pytest.approx(0.5)
    assert learning_rate_factor(100, config()) == 0


def test_ptss_is_what_the_config_says():
    assert {ptss_probability(step, config(ptss=0.37)) for step in range(100)} == {0.37}


@pytest.mark.parametrize(("step", "p"), [(0, 0.2), (25, 0.35), (50, 0.5), (60, 0.5), (61, 0.2), (99, 0.2)])
def test_the_thesis_raises_ptss_and_takes_it_back(step, p):
    assert ptss_probability(step, config(ptss_schedule="thesis")) == pytest.approx(p)


def test_a_longer_run_stretches_the_schedule():
    long = config(ptss_schedule="thesis", loss_schedule="thesis", steps=1000)
    short = config(ptss_schedule="thesis", loss_schedule="thesis")
    assert ptss_probability(250, long) == ptss_probability(25, short)
    assert loss_weights(250, long) == loss_weights(25, short)


def test_velocities_weigh_a_tenth_at_first():
    rising = config(velocity_weight=0.2, velocity_warmup=40)
    assert loss_weights(0, rising).velocity == pytest.approx(0.02)
    assert loss_weights(20, rising).velocity == pytest.approx(0.11)
    assert loss_weights(40, rising).velocity == loss_weights(99, rising).velocity == 0.2
    assert loss_weights(0, config(velocity_weight=0.2, velocity_warmup=0)).velocity == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("epoch", "weights"),
    [
        (0, (1, 0.01, 1.0, 0.1)),
        (25, (1, 0.1, None, None)),
        (40, (1, 0.1, 0.01, 0.5)),
        (60, (1, 0.1, 0.02, 0.05)),
        (99, (1, 0.1, 0.02, 0.05)),
    ],
)
def test_the_thesis_starts_where_it_collapsed_and_ends_stable(epoch, weights):
    found = loss_weights(epoch, config(loss_schedule="thesis"))
    for value, wanted in zip(found, weights, strict=True):
        assert wanted is None or value == pytest.approx(wanted)


def test_no_auxiliary_loss_is_ever_without_weight():
    for schedule in ("constant", "thesis", "edge"):
        for step in range(100):
            assert min(loss_weights(step, config(loss_schedule=schedule))) > 0


def test_edge_keeps_the_ratios_of_losses_in_one_unit():
    weights = loss_weights(0, config(loss_schedule="edge"))
    assert weights.joints / weights.simple == pytest.approx(0.646 / 0.636)
    assert weights.foot / weights.velocity == pytest.approx(10.942 / 2.964)

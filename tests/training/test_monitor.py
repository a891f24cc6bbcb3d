"""Each collapse is named for what it is; the truth and a good prediction are left in peace."""

import pytest
import torch

from vimo_pipeline.training.monitor import Monitor, Symptom, loss_symptoms, spread_of, spread_symptoms
from vimo_pipeline.training.validation import HeldOut

HEALTHY = {"joints": 0.015, "velocity": 0.4, "foot": 0.05}


@pytest.fixture(scope="module")
def truth() -> torch.Tensor:
    """Six people, each with a posture and a swing of its own."""
    generator = torch.Generator().manual_seed(0)
    posture, swing = 0.3 * torch.randn(2, 6, 1, 24, 3, generator=generator)
    return posture + swing * torch.sin(torch.arange(40) / 5)[None, :, None, None]


def kinds(predicted: torch.Tensor, truth: torch.Tensor) -> list[str]:
    real = torch.ones(truth.shape[:2], dtype=torch.bool)
    return [symptom.kind for symptom in spread_symptoms(spread_of(HeldOut(predicted, truth, real)))]


def test_the_truth_and_a_damped_prediction_are_healthy(truth):
    assert kinds(truth, truth) == []
    assert kinds(0.6 * truth, truth) == []


def test_the_mean_pose_is_named(truth):
    mean = truth.mean((0, 1), keepdim=True).expand_as(truth)
    assert kinds(mean, truth) == ["mean pose"]
    assert kinds(truth.mean(0, keepdim=True).expand_as(truth), truth) == ["mean pose"]


def test_static_poses_are_named(truth):
    assert kinds(truth[:, :1].expand_as(truth), truth) == ["static pose"]


def test_a_walk_through_the_room_does_not_hide_a_static_pose(truth):
    walk = torch.linspace(0, 9, 40)[None, :, None, None]
    assert kinds(truth[:, :1] + walk, truth + walk) == ["static pose"]


def test_padding_does_not_count(truth):
    real = torch.ones(truth.shape[:2], dtype=torch.bool)
    real[:, 20:] = False
    padded = torch.cat([truth[:, :20], torch.full_like(truth[:, 20:], 1e3)], 1)
    spread = spread_of(HeldOut(padded, truth, real))
    assert spread.over_clips == pytest.approx(1) and spread.over_time == pytest.approx(1)


def test_losses_within_their_limits_are_no_news():
    assert loss_symptoms(HEALTHY, progress=1) == []
    assert loss_symptoms({}, progress=1) == []


@pytest.mark.parametrize(
    ("name", "loss", "kind"),
    [("joints", 0.005, "low joints"), ("joints", 0.04, "high joints"), ("velocity", 0.9, "high velocity"),
     ("velocity", 0.01, "low velocity"), ("foot", 4.0, "high foot"), ("foot", 0.001, "low foot")],
)  # fmt: skip
def test_a_loss_outside_its_limits_is_named(name, loss, kind):
    (symptom,) = loss_symptoms(HEALTHY | {name: loss}, progress=1)
    assert symptom.kind == kind
    assert f"{loss:.2g}" in symptom.advice


def test_high_losses_are_no_news_while_a_run_is_young():
    assert loss_symptoms(HEALTHY | {"joints": 0.5, "foot": 9.0}, progress=0.1) == []


def test_a_symptom_is_named_once_in_a_while():
    monitor, one, other = Monitor(every=100), Symptom("one", "..."), Symptom("other", "...")
    assert monitor.news([one], step=50) == [one]
    assert monitor.news([one, other], step=149) == [other]
    assert monitor.news([one, other], step=150) == [one]

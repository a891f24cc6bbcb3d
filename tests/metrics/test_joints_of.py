"""A motion and its joints score alike; what cannot be compared is refused with the reason."""

import math

import numpy as np
import pytest
import torch
from torch import Generator
from torch.testing import assert_close

from vimo_pipeline import Motion
from vimo_pipeline.metrics import (
    acceleration_error,
    beat_score,
    contact_f1,
    foot_skate,
    foot_skating_ratio,
    jitter,
    motion_beats,
    mpjpe,
    pa_mpjpe,
    root_trajectory_error,
    w_mpjpe,
    wa_mpjpe,
)
from vimo_pipeline.metrics.distribution import joints_at_60, kinetic_features, manual_features
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


def dance(seed: int, frames: int = 60, fps: float = 30.0) -> Motion:
    draw = Generator().manual_seed(seed)
    reach, start = torch.rand(2, 25, 3, generator=draw, dtype=torch.float64)
    time = torch.arange(frames)[:, None, None] / fps
    sway = 0.5 * reach * (2 * math.pi * (time + start)).sin()
    root = 0.3 * sway[:, 24] + torch.tensor([0.0, 0.9, 0.0])
    return Motion.from_rotations(axis_angle_to_quaternion(sway[:, :24]), root, fps=fps)


OURS, TRUTH = dance(0), dance(1)
BEATS = np.arange(0.1, 2, 0.4)


def beats(measured, **rate):
    draws = Generator().manual_seed(0)
    return beat_score(measured, BEATS, form="bailando", generator=draws, **rate).score


@pytest.mark.parametrize("figure", [jitter, foot_skating_ratio, beats])
def test_a_motion_scores_as_its_joints_at_its_rate(figure):
    assert_close(figure(OURS), figure(OURS.joints(), fps=30.0))


@pytest.mark.parametrize("form", ["mint", "bailando"])
def test_a_motion_has_the_beats_of_its_joints(form):
    found = motion_beats(OURS, form=form)
    np.testing.assert_array_equal(found, motion_beats(OURS.joints(), fps=30.0, form=form))


@pytest.mark.parametrize("error", [mpjpe, pa_mpjpe, w_mpjpe, wa_mpjpe])
def test_two_motions_differ_as_their_joints(error):
    assert_close(error(OURS, TRUTH), error(OURS.joints(), TRUTH.joints()))
    assert error(TRUTH, TRUTH).max() < 1e-6


def test_motions_bring_their_path_their_rate_and_their_contacts():
    assert_close(root_trajectory_error(OURS, TRUTH), root_trajectory_error(OURS.root, TRUTH.root))
    assert_close(acceleration_error(OURS, TRUTH), acceleration_error(OURS.joints(), TRUTH.joints(), fps=30.0))
    planted = Motion(OURS.rotations, OURS.root, torch.ones(60, 4), OURS.fps)
    assert_close(foot_skate(planted), foot_skate(OURS.joints(), torch.ones(60, 4), fps=30.0))
    assert_close(foot_skate(OURS, planted), foot_skate(planted))
    assert contact_f1(planted, planted) == 1


@pytest.mark.parametrize("features", [kinetic_features, manual_features])
def test_features_take_motions_of_any_rate_and_batches(features):
    assert_close(features(OURS), features(joints_at_60(OURS), fps=60))
    both = torch.stack([joints_at_60(OURS), joints_at_60(TRUTH)])
    assert_close(features(both, fps=60), torch.stack([features(OURS), features(TRUTH)]))


def test_a_jump_is_vertical_energy_and_a_glide_horizontal():
    rest = torch.zeros(31, 24, 4)
    rest[..., 3] = 1
    path = torch.arange(31) / 30
    for axis, energies in ((0, (1, 0)), (1, (0, 1)), (2, (1, 0))):  # y is up
        moved = Motion(rest, path[:, None] * torch.eye(3)[axis], torch.zeros(31, 4))
        assert_close(kinetic_features(moved).view(24, 3)[:, :2], torch.tensor([energies] * 24).double())


def test_jitter_of_a_millimetre_of_noise_is_as_said():
    noise = 0.001 * torch.randn(2000, 24, 3, generator=Generator().manual_seed(0))
    assert float(jitter(noise, fps=30).mean()) == pytest.approx(193, rel=0.01)


def test_a_missing_rate_is_named():
    for figure in (jitter, foot_skating_ratio, beats):
        with pytest.raises(ValueError, match="fps is missing: joints do not know their frame rate"):
            figure(OURS.joints())
    with pytest.raises(ValueError, match=r"frame rates differ: 30, 60"):
        jitter(OURS, fps=60.0)
    with pytest.raises(ValueError, match="fps must be a positive number, got -1"):
        jitter(OURS.joints(), fps=-1)


@pytest.mark.parametrize("error", [mpjpe, pa_mpjpe, w_mpjpe, wa_mpjpe, acceleration_error])
def test_what_cannot_be_compared_is_refused(error):
    with pytest.raises(ValueError, match="frame rates differ: 30"):
        error(OURS, TRUTH.resample(60.0))
    with pytest.raises(ValueError, match=r"lengths differ: .*\[60, 24, 3\] against \[50, 24, 3\]"):
        error(OURS, TRUTH.frames(0, 50))
    with pytest.raises(ValueError, match="skeletons differ: 24 joints against 22"):
        error(OURS, torch.zeros(60, 22, 3))


def test_what_is_no_motion_is_refused():
    with pytest.raises(ValueError, match=r"give a Motion or joints \[T, J, 3\], got ndarray"):
        jitter(np.zeros((60, 24, 3)), fps=30)
    with pytest.raises(ValueError, match="SMPL-24 skeleton, got 22 joints"):
        foot_skating_ratio(torch.zeros(60, 22, 3), fps=30)
    with pytest.raises(ValueError, match="lengths differ: 60 frames of joints, 50 of contacts"):
        foot_skate(OURS, TRUTH.frames(0, 50))
    with pytest.raises(ValueError, match=r"beside joints give contacts="):
        foot_skate(OURS.joints(), fps=30)
    with pytest.raises(ValueError, match="contacts must have one shape"):
        contact_f1(OURS, TRUTH.frames(0, 50))

"""Beats of motions: numpy beside scipy, known dances, other frame rates."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter1d
from scipy.signal import argrelextrema

from vimo_pipeline.metrics.beats import at_rate, gaussian_smoothed, local_minima, motion_beats

LATE = 0.0031  # seconds: a rest half way between frames has two equal speeds, and neither is a minimum


def stepping(period: float, *, seconds: float = 8.0, fps: float = 60.0) -> torch.Tensor:
    """Joints that rest every `period` seconds, as t - sin t does, not on or between frames. [T, 24, 3]."""
    time = torch.arange(round(seconds * fps), dtype=torch.float64) / fps
    phase = 2 * np.pi * ((time + LATE) / period - 0.5)
    joints = torch.zeros(len(time), 24, 3, dtype=torch.float64)
    joints[..., 0] = (phase - phase.sin())[:, None] / 10
    return joints


def resting(period: float, seconds: float = 8.0) -> np.ndarray:
    return np.arange(period / 2, seconds, period) - LATE


@pytest.mark.parametrize("order", [1, 3, 10])
def test_minima_are_those_of_scipy(order):
    values = np.random.default_rng(order).normal(size=200).cumsum().round(1)  # with equal neighbours
    expected = argrelextrema(values, np.less, order=order)[0]
    assert len(expected) > 3
    np.testing.assert_array_equal(local_minima(values, order=order), expected)


@pytest.mark.parametrize("frames", [12, 90])
def test_the_gaussian_is_that_of_scipy(frames):
    values = np.random.default_rng(0).normal(size=frames)
    np.testing.assert_allclose(gaussian_smoothed(values, 5.0), gaussian_filter1d(values, 5.0), atol=1e-12)


@pytest.mark.parametrize("form", ["mint", "bailando"])
@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0])
def test_a_step_is_a_beat_at_any_frame_rate(form, fps):
    found = motion_beats(stepping(0.8, fps=fps), fps=fps, form=form)
    assert len(found) == 10
    np.testing.assert_allclose(found, resting(0.8), atol=0.026)  # a frame and a half at 60 fps


def test_beats_do_not_depend_on_where_the_world_is():
    joints = stepping(0.7) + 0.02 * torch.randn(
        480, 24, 3, generator=torch.Generator().manual_seed(0)
    ).cumsum(0)
    moved = 3 * joints[..., [2, 0, 1]] + torch.tensor([4.0, 0.0, -1.0])
    for form in ("mint", "bailando"):
        np.testing.assert_allclose(
            motion_beats(moved, fps=60, form=form), motion_beats(joints, fps=60, form=form)
        )


@pytest.mark.parametrize("step", [0.0, 1 / 64])  # metres a frame, exact in binary
@pytest.mark.parametrize("form", ["mint", "bailando"])
def test_a_statue_and_an_even_glide_have_no_beats(form, step):
    joints = (step * torch.arange(200.0))[:, None, None].expand(200, 24, 3)
    assert len(motion_beats(joints, fps=60, form=form)) == 0


def test_cubics_go_through_every_frame_and_keep_a_parabola():
    time = np.arange(20) / 30
    curve = np.stack([time, time**2], -1)
    finer = at_rate(curve, fps=30)
    assert finer.shape == (39, 2)
    np.testing.assert_allclose(finer[::2], curve, atol=1e-12)
    at = np.arange(39)[2:-2] / 60
    np.testing.assert_allclose(finer[2:-2], np.stack([at, at**2], -1), atol=1e-12)


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="unknown form of beats 'edge'; choose one of: mint, bailando"):
        motion_beats(stepping(0.5), fps=60, form="edge")
    with pytest.raises(ValueError, match=r"\[T, J, 3\]"):
        motion_beats(torch.zeros(10, 72), fps=60, form="mint")
    with pytest.raises(ValueError, match="fps must be a positive number, got 0"):
        motion_beats(stepping(0.5), fps=0, form="mint")

"""What features are computed from: 60 fps, the first pelvis at the origin."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.metrics.distribution import joints_at_60, kinetic_features, manual_features


def test_clips_start_at_the_origin_at_60_fps(dance):
    joints = joints_at_60(dance(0))
    assert joints.shape == (89, 24, 3) and joints.dtype == torch.float64
    assert_close(joints[0, 0], torch.zeros(3, dtype=torch.float64))


def test_frames_of_30_fps_are_every_second_of_60(dance):
    slow, fast = dance(0, frames=45, fps=30.0), dance(0, frames=89, fps=60.0)
    assert_close(joints_at_60(slow)[::2], joints_at_60(fast)[::2])
    assert_close(joints_at_60(slow), joints_at_60(fast), atol=0.02, rtol=0)  # straight between two frames


@pytest.mark.parametrize("fps", [24.0, 50.0, 120.0])
def test_features_hardly_depend_on_the_rate_of_the_clip(dance, fps):
    truth = joints_at_60(dance(0, frames=121, fps=60.0))
    resampled = joints_at_60(dance(0, frames=int(2 * fps) + 1, fps=fps))
    assert resampled.shape == truth.shape
    for features in (kinetic_features, manual_features):
        assert_close(features(resampled, fps=60), features(truth, fps=60), rtol=0.03, atol=0.03)


def test_a_far_world_costs_no_precision(dance):
    here = dance(0)
    there = replace(here, root=here.root + torch.tensor([1e4, 0.0, -1e4]))
    assert_close(joints_at_60(there), joints_at_60(here), atol=1e-10, rtol=0)


@pytest.mark.parametrize("features", [kinetic_features, manual_features])
def test_bad_joints_are_refused_with_the_reason(features):
    with pytest.raises(ValueError, match=r"\[T, 24, 3\].*got \[30, 22, 3\]"):
        features(torch.rand(30, 22, 3), fps=60)
    with pytest.raises(ValueError, match="at 60 fps, got 30"):
        features(torch.rand(30, 24, 3), fps=30)
    with pytest.raises(ValueError, match="at 60 fps, got None"):
        features(torch.rand(30, 24, 3), fps=None)
    with pytest.raises(ValueError, match="at least 7 frames"):
        features(torch.rand(6, 24, 3), fps=60)
    assert features(torch.rand(7, 24, 3), fps=60).isfinite().all()

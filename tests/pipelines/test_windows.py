"""Overlapping windows cover everything, weigh to one, and agree without changing what already agrees."""

import pytest
import torch

from vimo_pipeline.data.windows import canonical
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.pipelines.windows import WindowPlan, fuse


def walk(frames: int) -> Motion:
    """A body that turns slowly, swings its joints and walks a curve."""
    time = torch.arange(frames) / 30
    swing = torch.randn(24, 3, generator=torch.Generator().manual_seed(0))
    axis_angles = 0.4 * torch.sin(2 * time)[:, None, None] * swing
    axis_angles[:, 0] = torch.stack([0 * time, 0.3 * time, 0 * time], -1)
    root = torch.stack([torch.sin(0.3 * time), 0.9 + 0 * time, time], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(axis_angles), root, fps=30).canonical()


@pytest.mark.parametrize("frames", [1, 2, 40, 41, 55, 100, 317])
def test_every_frame_is_covered_and_neighbours_overlap(frames):
    plan = WindowPlan.cover(frames, window=40, overlap=10)
    held = torch.zeros(frames)
    for start in plan.starts:
        held[start : start + plan.length] += 1
    assert held.min() >= 1
    steps = torch.tensor(plan.starts).diff()
    assert (plan.length - steps >= 10).all() or len(plan.starts) == 1


def test_merging_what_was_cut_gives_it_back():
    plan = WindowPlan.cover(100, window=40, overlap=10)
    sequence = torch.randn(2, 100, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(plan.merge(plan.cut(sequence)), sequence)


def test_windows_of_one_motion_fuse_to_that_motion():
    motion = walk(100)
    plan = WindowPlan.cover(100, window=40, overlap=10)
    windows = own_frames(plan.cut(motion.pack()[None]))
    whole, agreed = fuse(windows, plan)
    torch.testing.assert_close(whole[0], motion.pack(), atol=1e-4, rtol=0)
    torch.testing.assert_close(agreed, windows, atol=1e-4, rtol=0)


def test_windows_that_disagree_meet_in_the_overlap():
    plan = WindowPlan.cover(70, window=40, overlap=10)
    windows = own_frames(plan.cut(walk(70).pack()[None]))
    windows = windows + 0.05 * torch.randn(windows.shape, generator=torch.Generator().manual_seed(0))
    whole, agreed = fuse(windows, plan)
    again, settled = fuse(agreed, plan)
    torch.testing.assert_close(again, whole, atol=1e-3, rtol=0)
    torch.testing.assert_close(settled, agreed, atol=1e-3, rtol=0)


def test_a_single_window_is_left_alone():
    plan = WindowPlan.cover(30, window=40, overlap=10)
    windows = torch.randn(2, 1, 30, 151, generator=torch.Generator().manual_seed(0))
    whole, agreed = fuse(windows, plan)
    assert torch.equal(whole, windows[:, 0]) and torch.equal(agreed, windows)


def test_an_overlap_longer_than_the_window_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        WindowPlan.cover(100, window=40, overlap=40)


def own_frames(windows: torch.Tensor) -> torch.Tensor:
    """Every window turned and moved into its own canonical frame. [N, K, W, 151]."""
    motion = canonical(unpack_features(windows.flatten(0, 1)))
    return motion.pack().unflatten(0, windows.shape[:2])

"""A camera that circles slowly is not believed; one that swings, and one after a cut, is."""

import math

import pytest
import torch

from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, heading_angle, turn_about_y
from vimo_pipeline.pipelines.following.guidance import Sight
from vimo_pipeline.pipelines.following.steady_camera import camera_azimuth, steady_camera
from vimo_pipeline.pipelines.turning_apart import turn_along
from vimo_pipeline.pipelines.windows import WindowPlan

from ..conftest import keypoints_of

FRAMES = 300
TIME = torch.arange(FRAMES) / 30
PLAN = WindowPlan.cover(FRAMES, window=100, overlap=30)


def swinging() -> torch.Tensor:
    """A body that turns now and then, swings its joints and walks, [1, T, 151]."""
    swing = torch.randn(24, 3, generator=torch.Generator().manual_seed(0))
    axis_angles = 0.4 * torch.sin(3 * TIME)[:, None, None] * swing
    axis_angles[:, 0] = torch.stack([0 * TIME, 0.8 * torch.sin(TIME), 0 * TIME], -1)
    root = torch.stack([torch.sin(TIME), 0.9 + 0 * TIME, TIME], -1)
    rotations = axis_angle_to_matrix(axis_angles)
    return MotionFeatures(rotations[None], torch.zeros(1, FRAMES, 4), root[None]).pack()


def filmed(motion: torch.Tensor, azimuth: torch.Tensor, cut: int = FRAMES) -> Sight:
    """What a camera sees that stands at an azimuth, [T] radians: joints along its axes."""
    parts = unpack_features(motion)
    joints = forward_kinematics(parts.rotations, torch.zeros_like(parts.root))[0]
    along = joints @ turn_about_y(azimuth)  # right, up and towards the camera
    keypoints = torch.zeros(FRAMES, 17, 3)
    keypoints[..., 2] = 0.9
    shots = (torch.arange(FRAMES) >= cut).long()
    return Sight(*(PLAN.cut(each[None])[0] for each in (keypoints, along, shots)))


def heading(motion: torch.Tensor) -> torch.Tensor:
    return heading_angle(unpack_features(motion).rotations[0, :, 0])


def test_where_the_camera_stands_is_found():
    azimuth = 0.3 + 0.4 * torch.sin(0.5 * TIME)
    found = camera_azimuth(swinging(), filmed(swinging(), azimuth), PLAN)[0]
    torch.testing.assert_close(found, azimuth, atol=0.1, rtol=0)


def test_a_heading_that_walks_away_before_a_standing_camera_comes_back():
    sight = filmed(swinging(), torch.full((FRAMES,), 0.7))
    drifting = turn_along(swinging(), 0.3 * TIME[None])  # 170 degrees in ten seconds
    steady = steady_camera(drifting, sight, PLAN, deviation=30.0)
    off = heading(steady) - heading(swinging())
    assert (off[60:-60] - off[60:-60].mean()).abs().max() < 0.1
    root = unpack_features(steady).root[0]
    assert (root.diff(dim=0) - unpack_features(swinging()).root[0].diff(dim=0)).norm(dim=-1).mean() < 0.02


def test_a_camera_that_swings_round_and_back_is_believed():
    sight = filmed(swinging(), 0.5 * torch.sin(2 * math.pi * TIME))
    steady = steady_camera(swinging(), sight, PLAN, deviation=60.0)
    assert (heading(steady) - heading(swinging())).abs().max() < 0.1


def test_a_cut_changes_the_side_and_not_the_heading():
    azimuth = torch.where(TIME < 5, 0.2, 2.5)
    steady = steady_camera(swinging(), filmed(swinging(), azimuth, cut=150), PLAN, deviation=60.0)
    assert (heading(steady) - heading(swinging())).abs().max() < 0.1


def test_while_nobody_is_seen_nothing_is_turned_back():
    sight = filmed(swinging(), torch.zeros(FRAMES))
    blind = sight._replace(keypoints=0 * sight.keypoints)
    drifting = turn_along(swinging(), 0.3 * TIME[None])
    torch.testing.assert_close(
        steady_camera(drifting, blind, PLAN, deviation=30.0), drifting, atol=1e-4, rtol=0
    )


def test_the_pipeline_asks_it_for_long_clips_only(pipe):
    options = {"num_inference_steps": 1, "output_type": "pt", "follow_feet": False}
    for frames, changes in ((20, False), (60, True)):
        on, off = (
            pipe(keypoints=keypoints_of(frames), camera_stays=s, **options).motions for s in (1.0, 0.0)
        )
        assert torch.equal(on, off) != changes
        torch.testing.assert_close(on[..., 6:148], off[..., 6:148], atol=1e-4, rtol=0)


def test_a_time_below_nothing_is_refused(pipe):
    with pytest.raises(ValueError, match="camera_stays"):
        pipe(keypoints=keypoints_of(10), camera_stays=-1.0)

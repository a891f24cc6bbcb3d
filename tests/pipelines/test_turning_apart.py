"""Hypotheses that turn otherwise are the same motions in every other way."""

import torch

from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, heading_angle
from vimo_pipeline.pipelines.turning_apart import knots_of, turn_apart

FRAMES, FPS = 90, 30.0


def walking(batch: int = 3) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    rotations = axis_angle_to_matrix(0.4 * torch.randn(batch, 1, 24, 3, generator=generator))
    time = torch.arange(FRAMES) / FPS
    root = torch.stack([0.2 * time, 0.9 + 0.05 * time.sin(), time], -1).expand(batch, -1, -1)
    return MotionFeatures(rotations.expand(-1, FRAMES, -1, -1, -1), torch.ones(batch, FRAMES, 4), root).pack()


def test_no_rate_is_no_turn():
    same = turn_apart(walking(), torch.zeros(3, knots_of(FRAMES, FPS)), fps=FPS)
    torch.testing.assert_close(same, walking(), atol=1e-5, rtol=0)


def test_an_even_rate_turns_heading_and_steps_evenly():
    before = unpack_features(walking())
    after = unpack_features(turn_apart(walking(), torch.full((3, 4), 0.3), fps=FPS))
    turned = heading_angle(after.rotations[:, :, 0]) - heading_angle(before.rotations[:, :, 0])
    torch.testing.assert_close(turned, 0.3 * (torch.arange(FRAMES) / FPS).expand(3, -1), atol=1e-4, rtol=0)
    steps = [torch.atan2(*each.root.diff(dim=1)[..., [0, 2]].unbind(-1)) for each in (before, after)]
    torch.testing.assert_close(steps[1] - steps[0], turned[:, :-1], atol=1e-4, rtol=0)


def test_poses_heights_and_lengths_of_steps_stay():
    rates = torch.randn(3, knots_of(FRAMES, FPS), generator=torch.Generator().manual_seed(1))
    before, after = unpack_features(walking()), unpack_features(turn_apart(walking(), rates, fps=FPS))
    torch.testing.assert_close(after.rotations[:, :, 1:], before.rotations[:, :, 1:], atol=1e-5, rtol=0)
    assert torch.equal(after.contacts, before.contacts)
    heights = [forward_kinematics(each.rotations, each.root)[..., 1] for each in (before, after)]
    torch.testing.assert_close(*heights, atol=1e-4, rtol=0)
    lengths = [each.root.diff(dim=1).norm(dim=-1) for each in (before, after)]
    torch.testing.assert_close(*lengths, atol=1e-5, rtol=0)


def test_knots_cover_the_clip():
    assert knots_of(150, 30.0) == 4 and knots_of(2, 30.0) == 2

"""Errors of whole motions: in the world, of their smoothness, of their feet."""

import math

import pytest
import torch

from vimo_pipeline.metrics import (
    acceleration_error,
    contact_f1,
    foot_skate,
    jitter,
    root_trajectory_error,
    similarity,
    w_mpjpe,
    wa_mpjpe,
)
from vimo_pipeline.motion.rotations import axis_angle_to_matrix
from vimo_pipeline.motion.skeleton import joint_index

TURN = axis_angle_to_matrix(torch.tensor([0.0, 2.0, 0.0]))


def walk(frames: int = 40) -> torch.Tensor:
    """Joints of a stiff body that walks a curve, [T, 24, 3]."""
    body = torch.randn(24, 3, generator=torch.Generator().manual_seed(0))
    time = torch.arange(frames) / 30
    path = torch.stack([time, 0 * time, time.sin()], -1)
    return body + path[:, None]


def test_world_errors_do_not_care_where_the_world_is():
    truth = walk()
    moved = truth @ TURN.T + torch.tensor([5.0, 0.0, -2.0])
    for error in (wa_mpjpe, w_mpjpe):
        assert error(moved, truth).max() < 1e-4
    assert root_trajectory_error(moved[:, 0], truth[:, 0]).max() < 1e-4


def test_drift_shows_in_w_more_than_in_wa():
    truth = walk()
    drifting = truth + torch.linspace(0, 1, len(truth))[:, None, None] * torch.tensor([0.0, 0.0, 0.5])
    w, wa = w_mpjpe(drifting, truth), wa_mpjpe(drifting, truth)
    assert w[-1] == pytest.approx(0.5, abs=0.1)
    assert wa.mean() < 0.6 * w.mean()


def test_a_path_of_another_length_is_wrong_although_its_shape_is_right():
    path = walk()[:, 0]
    assert root_trajectory_error(2 * path, path).mean() > 0.2


def test_a_rigid_similarity_has_no_scale():
    points = walk()[0]
    matrix, _ = similarity(3 * points, points, scaled=False)
    torch.testing.assert_close(matrix, torch.eye(3), atol=1e-4, rtol=0)


def test_smoothness_of_a_known_curve():
    time = torch.arange(60) / 30
    swinging = torch.zeros(60, 24, 3)
    swinging[:, :, 0] = (2 * math.pi * time).sin()[:, None]
    still = torch.zeros_like(swinging)
    mean = 2 / math.pi  # of |sin|
    assert acceleration_error(swinging, still, fps=30).mean() == pytest.approx(
        mean * (2 * math.pi) ** 2, rel=0.05
    )
    assert jitter(swinging, fps=30).mean() == pytest.approx(mean * (2 * math.pi) ** 3, rel=0.05)
    assert jitter(walk() * 0 + 1, fps=30).max() == 0


def test_only_planted_feet_can_skate():
    joints = torch.zeros(31, 24, 3)
    joints[:, joint_index("left_ankle"), 0] = torch.linspace(0, 1, 31)  # 1 m/s
    joints[:, joint_index("left_ankle"), 1] = torch.linspace(0, 9, 31)  # height does not count
    left, right = torch.zeros(31, 4), torch.zeros(31, 4)
    left[:, 0] = right[:, 1] = 1
    assert foot_skate(joints, left, fps=30) == pytest.approx(1.0, rel=1e-4)
    assert foot_skate(joints, right, fps=30) == 0
    assert foot_skate(joints, torch.zeros(31, 4), fps=30).isnan()


def test_contact_f1_by_hand():
    truth = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    said = torch.tensor([[0.9, 0.1, 0.9, 0.0]])
    assert contact_f1(said, truth) == pytest.approx(0.5)
    assert contact_f1(truth, truth) == 1
    assert contact_f1(0 * truth, 0 * truth).isnan()

"""Contact labels of a foot that stands, swings and lifts, under both rules."""

import math

import pytest
import torch

from vimo_pipeline.motion.contacts import CONTACT_SPEED, foot_contacts
from vimo_pipeline.motion.skeleton import joint_index

FOOT = 2  # left foot among left ankle, right ankle, left foot, right foot


def joints_with_left_foot(path: torch.Tensor) -> torch.Tensor:
    """A body at rest but for its left foot: [T, 3] -> [T, 24, 3]."""
    joints = torch.zeros(len(path), 24, 3, dtype=path.dtype)
    joints[:, joint_index("left_foot")] = path
    return joints


def step_path(*, fps: float) -> torch.Tensor:
    """Stand 0.5 s, swing 0.6 m forward and 0.15 m up for 0.5 s, stand 0.5 s."""
    time = torch.arange(round(1.5 * fps)) / fps
    phase = ((time - 0.5) / 0.5).clamp(0, 1)
    return torch.stack([torch.zeros_like(phase), 0.15 * torch.sin(math.pi * phase), 0.6 * phase], -1)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_a_step_at_any_frame_rate(fps):
    labels = foot_contacts(joints_with_left_foot(step_path(fps=fps)), fps=fps)
    time = torch.arange(len(labels)) / fps
    standing = (time < 0.45) | (time > 1.05)
    swinging = (time > 0.55) & (time < 0.95)
    assert (labels[standing, FOOT] == 1).all()
    assert (labels[swinging, FOOT] == 0).all()
    assert (labels[:, [0, 1, 3]] == 1).all()


def test_the_vertical_rule_is_fooled_at_mid_swing():
    joints = joints_with_left_foot(step_path(fps=60.0))
    middle = 45  # 0.75 s: the foot is highest and fastest
    assert foot_contacts(joints, fps=60.0, rule="vertical")[middle, FOOT] == 1
    assert foot_contacts(joints, fps=60.0, rule="speed")[middle, FOOT] == 0


@pytest.mark.parametrize("rule", ["speed", "vertical"])
def test_a_lifting_foot_has_no_contact_under_either_rule(rule):
    path = torch.linspace(0, 1, 31)[:, None] * torch.tensor([0.0, 1.0, 0.0])
    assert (foot_contacts(joints_with_left_foot(path), fps=30.0, rule=rule)[:, FOOT] == 0).all()


def test_a_sliding_foot_touches_only_by_the_vertical_rule():
    path = torch.linspace(0, 1, 31)[:, None] * torch.tensor([1.0, 0.0, 0.0])
    joints = joints_with_left_foot(path)
    assert (foot_contacts(joints, fps=30.0)[:, FOOT] == 0).all()
    assert (foot_contacts(joints, fps=30.0, rule="vertical")[:, FOOT] == 1).all()


@pytest.mark.parametrize("fps", [10.0, 30.0, 240.0])
@pytest.mark.parametrize(("share", "label"), [(0.95, 1), (1.05, 0)])
def test_the_threshold_is_a_speed(share, label, fps):
    path = torch.arange(10)[:, None] * torch.tensor([0.0, 0.0, share * CONTACT_SPEED / fps])
    assert (foot_contacts(joints_with_left_foot(path), fps=fps)[:, FOOT] == label).all()


def test_labels_do_not_depend_on_heading(walk):
    assert torch.equal(foot_contacts(walk.turn(1.2).joints(), fps=walk.fps), walk.contacts)


def test_one_frame_stands():
    assert foot_contacts(torch.zeros(1, 24, 3), fps=30.0).tolist() == [[1, 1, 1, 1]]


def test_an_unknown_rule_lists_the_choices():
    with pytest.raises(ValueError, match=r"'height'.*speed, vertical"):
        foot_contacts(torch.zeros(3, 24, 3), fps=30.0, rule="height")

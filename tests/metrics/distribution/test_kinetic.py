"""Kinetic features: motions whose energies are known, and the slip of the published code."""

import math
from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.metrics.distribution import joints_at_60, kinetic_features

TIME = torch.arange(61, dtype=torch.float64)[:, None] / 60
AXES = torch.eye(3, dtype=torch.float64)


def body_at(path: torch.Tensor) -> torch.Tensor:
    """All 24 joints on one path, [T, 3] -> [T, 24, 3]."""
    return path[:, None].expand(-1, 24, 3)


# What each joint has: horizontal and vertical energy in m²/s², expenditure in m/s².
KNOWN = {
    "a statue": (0 * TIME * AXES[0], (0, 0, 0), (0, 0, 0)),
    "1 m/s along x": (TIME * AXES[0], (1, 0, 0), None),
    "2 m/s aslant": (TIME * torch.tensor([1.2, 0, 1.6]), (4, 0, 0), None),
    "3 m/s upwards": (3 * TIME * AXES[1], (0, 9, 0), None),
    "a statue at 1 m": (AXES[0].expand(61, 3), (0, 0, 0), (0, 0, 3540)),
    "a statue at 5 m": (5 * AXES[2].expand(61, 3), (0, 0, 0), (0, 0, 17700)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_values(name):
    path, fixed, legacy = KNOWN[name]
    found = kinetic_features(body_at(path), fps=60)
    assert_close(found.view(24, 3), torch.tensor(fixed).double().expand(24, 3))
    if legacy:
        found = kinetic_features(body_at(path), fps=60, form="legacy")
        assert_close(found.view(24, 3), torch.tensor(legacy).double().expand(24, 3))


def test_falling_is_driven_by_gravity():
    fall = -0.5 * 9.81 * TIME**2 * AXES[1]
    assert_close(kinetic_features(body_at(fall), fps=60)[2::3], torch.full((24,), 9.81).double())


def test_a_turning_joint_has_its_speed_and_its_pull():
    turn = 2 * math.pi * torch.arange(600, dtype=torch.float64)[:, None] / 60
    circle = 0.5 * (turn.cos() * AXES[0] + turn.sin() * AXES[2])  # one turn a second, half a metre
    across, up, drive = kinetic_features(body_at(circle), fps=60)[:3].tolist()
    assert across == pytest.approx(math.pi**2, rel=0.03) and up == 0
    assert drive == pytest.approx(2 * math.pi**2, rel=0.03)


@pytest.mark.parametrize("form", ["fixed", "legacy"])
@pytest.mark.parametrize("frames", [7, 8, 40])
def test_agrees_with_a_loop_over_joints_and_frames(form, frames):
    joints = torch.randn(frames, 24, 3, generator=torch.Generator().manual_seed(0)).double()
    assert_close(kinetic_features(joints, fps=60, form=form), slow_kinetic(joints, form))


def slow_kinetic(joints: torch.Tensor, form: str) -> torch.Tensor:
    """One joint, one frame, one neighbour at a time."""
    found, last = [], len(joints) - 1
    for path in joints.unbind(1):
        sums = torch.zeros(3).double()
        for i in range(1, last + 1):
            window = range(i - 2, i + 3)
            speeds = [(path[k] - path[k - 1]) * 60 for k in window if 1 <= k <= last]
            pulls = [acceleration(path, k, form) for k in window if 1 <= k <= last - 1]
            speed, pull = torch.stack(speeds).mean(0), torch.stack(pulls).mean(0)
            sums += torch.stack([speed[0] ** 2 + speed[2] ** 2, speed[1] ** 2, pull.norm()])
        found.append(sums / last)
    return torch.cat(found)


def acceleration(path: torch.Tensor, k: int, form: str) -> torch.Tensor:
    later = (path[k + 1] - path[k]) / (1 / 60)
    slipped = path[k] - path[k - 1] / (1 / 60)
    earlier = slipped if form == "legacy" else (path[k] - path[k - 1]) / (1 / 60)
    return (later - earlier) / (1 / 60)


def test_moving_and_turning_the_world_changes_nothing(dance):
    here = dance(0)
    for there in (replace(here, root=here.root + torch.tensor([1.0, 0.5, -7.0])), here.turn(math.pi / 2)):
        for form in ("fixed", "legacy"):
            found, truth = (kinetic_features(joints_at_60(m), fps=60, form=form) for m in (there, here))
            assert_close(found, truth)


def test_only_the_fixed_form_does_without_the_zeroed_root(dance):
    joints = joints_at_60(dance(0))
    moved = joints + torch.tensor([3.0, 0.0, 0.0])
    assert_close(kinetic_features(moved, fps=60), kinetic_features(joints, fps=60))
    near, far = (kinetic_features(where, fps=60, form="legacy").view(24, 3) for where in (joints, moved))
    assert_close(near[:, :2], far[:, :2])
    assert far[0, 2] > 3 * near[0, 2]


def test_another_form_is_refused():
    with pytest.raises(ValueError, match="fixed or legacy, got 'new'"):
        kinetic_features(torch.rand(30, 24, 3), fps=60, form="new")

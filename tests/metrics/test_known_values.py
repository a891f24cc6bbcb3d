"""A table of what metrics say of motions that anyone can picture."""

import math

import numpy as np
import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import (
    acceleration_error,
    beat_score,
    foot_skating_ratio,
    global_diversity,
    ground_penetration,
    jitter,
    motion_beats,
    mpjpe,
    pa_mpjpe,
    physical_contact,
    root_trajectory_error,
    rotation_features,
    static_pose,
    w_mpjpe,
)
from vimo_pipeline.metrics.distribution import kinetic_features
from vimo_pipeline.motion.body import load_body

STANDING = -float(load_body().vertices[:, 1].min())  # height of the pelvis with both soles on the floor
TIME = torch.arange(150) / 30


def t_pose(x: torch.Tensor, *, sunk: float = 0.0) -> Motion:
    """A T-pose on the floor, at x metres in each frame."""
    rotations = torch.zeros(150, 24, 4)
    rotations[..., 3] = 1
    root = torch.stack([x, torch.full((150,), STANDING - sunk), 0 * x], -1)
    return Motion(rotations, root, torch.ones(150, 4))


STATUE = t_pose(0 * TIME)
GLIDING = t_pose(TIME)  # 1 m/s, as on ice
BURIED = t_pose(0 * TIME, sunk=0.05)
SWAYING = t_pose((2 * math.pi * TIME).sin())  # a metre to each side once a second

LATE = t_pose(
    (2 * math.pi * (TIME + 0.004)).sin()
)  # turns off the frames: of two equal speeds neither is a beat


@pytest.mark.parametrize(
    ("motion", "contact", "energy", "skating", "depth", "jerk"),
    [
        (STATUE, 0, 0, 0, 0, 0),
        (GLIDING, None, 0.5, 1, 0, 0),  # even speed: its acceleration is rounding, so PFC means nothing
        (BURIED, 0, 0, 0, 0.05, 0),
        # mean of cos² |sin| is 2 / (3 pi), the largest step is 2 pi / 30 m; mean of cos² / 2 is 1 / 4
        (SWAYING, 1e4 * (2 * math.pi / 30) ** 2 * 2 / (3 * math.pi), math.pi**2, 0.9, 0, 16 * math.pi**2),
    ],
    ids=["statue", "gliding", "buried", "swaying"],
)
def test_known_values(motion, contact, energy, skating, depth, jerk):
    found, joints = physical_contact(motion), motion.joints()
    if contact is not None:
        assert found.score == pytest.approx(contact, rel=0.03)
    assert found.energy == pytest.approx(energy, rel=0.02)
    assert float(foot_skating_ratio(joints, fps=30)) == pytest.approx(skating, abs=0.05)
    assert ground_penetration(motion).depth == pytest.approx(depth, abs=1e-4)
    assert float(jitter(joints.double(), fps=30).mean()) == pytest.approx(jerk, rel=0.03, abs=0.1)


@pytest.mark.parametrize(
    ("motion", "horizontal", "beats"),
    [
        (STATUE, 0, []),
        (BURIED, 0, []),
        (LATE, 2 * math.pi**2, np.arange(0.246, 5, 0.5)),  # mean of (2 pi cos)²; it rests where it turns
    ],
    ids=["statue", "buried", "swaying"],
)
def test_known_energies_and_beats(motion, horizontal, beats):
    across, up = kinetic_features(motion).view(24, 3)[:, :2].unbind(-1)
    assert across.tolist() == pytest.approx([horizontal] * 24, rel=0.05) and float(up.max()) < 1e-9
    for form in ("mint", "bailando"):
        np.testing.assert_allclose(motion_beats(motion, form=form), beats, atol=0.02)


@pytest.mark.parametrize(
    ("motion", "place", "drift", "push"),
    [
        (STATUE, 0, 0, 0),
        (BURIED, 0, 0, 0),  # the world is aligned in its height too
        (GLIDING, 149 / 120, 149 / 30, 0),  # from its middle: mean of |t - T / 2| is T / 4
        (SWAYING, 2 / math.pi, None, 8 * math.pi),  # mean of |sin| and of (2 pi)² |sin|
    ],
    ids=["statue", "buried", "gliding", "swaying"],
)
def test_known_errors_against_the_statue(motion, place, drift, push):
    assert float(mpjpe(motion, STATUE).max()) < 1e-6 and float(pa_mpjpe(motion, STATUE).max()) < 1e-5
    path = root_trajectory_error(motion, STATUE).mean()
    assert float(path) == pytest.approx(place, rel=0.01, abs=1e-5)
    if drift is not None:
        assert float(w_mpjpe(motion, STATUE)[-1]) == pytest.approx(drift, rel=0.02, abs=1e-4)
    assert float(acceleration_error(motion, STATUE).mean()) == pytest.approx(push, rel=0.02, abs=1e-2)


def test_a_static_row_is_the_best_in_all_that_only_forbids():
    held = static_pose(SWAYING)
    assert physical_contact(held).score == 0 and physical_contact(held).energy == 0
    assert foot_skating_ratio(held.joints(), fps=30) == 0
    music = beat_score(
        held.joints(),
        np.arange(0, 5, 0.5),
        fps=30,
        form="bailando",
        generator=torch.Generator().manual_seed(0),
    )
    assert music.score == 0 and math.isnan(music.alignment)
    assert global_diversity(rotation_features(held), rotation_features(STATUE)) == 0

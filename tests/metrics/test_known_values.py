"""A table of what metrics say of motions that anyone can picture."""

import math

import numpy as np
import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import (
    beat_score,
    foot_skating_ratio,
    global_diversity,
    ground_penetration,
    jitter,
    physical_contact,
    rotation_features,
    static_pose,
)
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

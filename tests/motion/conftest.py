"""A body that walks, turns and swings its arms, built in code."""

import math
from collections.abc import Callable

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index


@pytest.fixture
def walk() -> Motion:
    """Two seconds at 30 fps."""
    return _walk(frames=61, fps=30.0)


@pytest.fixture
def walk_at() -> Callable[..., Motion]:
    """The same walk sampled at any rate: walk_at(frames=..., fps=...)."""
    return _walk


def _walk(*, frames: int, fps: float) -> Motion:
    """A sine in hips, knees, shoulders and height; the first frame is turned and away from the origin."""
    time = torch.arange(frames, dtype=torch.float64) / fps
    swing = torch.sin(2 * math.pi * time)
    turns = torch.zeros(frames, 24, 3, dtype=torch.float64)
    turns[:, joint_index("pelvis"), 1] = 0.7 + 0.3 * time
    for side, sign in (("left", 1.0), ("right", -1.0)):
        turns[:, joint_index(f"{side}_hip"), 0] = 0.5 * sign * swing
        turns[:, joint_index(f"{side}_knee"), 0] = 0.4 * (1 + sign * swing)
        turns[:, joint_index(f"{side}_shoulder"), 2] = -1.1 * sign + 0.2 * swing
    root = torch.stack([1 + 0.6 * time, 0.95 + 0.02 * swing**2, 2 + 0.8 * time], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(turns), root, fps=fps)

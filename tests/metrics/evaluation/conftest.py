"""Dances built in code."""

import math

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


@pytest.fixture(scope="session")
def dance():
    """dance(seed, frames=60, fps=30.0, size=0.5): sines in every joint, another dance for every seed."""
    return _dance


def _dance(seed: int, *, frames: int = 60, fps: float = 30.0, size: float = 0.5) -> Motion:
    draw = torch.Generator().manual_seed(seed)
    reach, start, pace = (torch.rand(25, 3, generator=draw) for _ in range(3))
    time = torch.arange(frames)[:, None, None] / fps
    sway = size * reach * (2 * math.pi * ((0.5 + pace) * time + start)).sin()  # [T, 25, 3]
    root = 0.3 * sway[:, 24] + torch.tensor([0.0, 1.0, 0.0])
    return Motion.from_rotations(axis_angle_to_quaternion(sway[:, :24]), root, fps=fps)

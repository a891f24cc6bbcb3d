"""A motion that asks much of a file format, built in code."""

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


@pytest.fixture
def tumble() -> Motion:
    """Two seconds in which every joint turns far about all axes while the body travels."""
    generator = torch.Generator().manual_seed(7)
    time = torch.linspace(0, 2, 61)[:, None, None]
    size, speed, phase = torch.rand(3, 24, 3, generator=generator)
    turns = 1.7 * size * torch.sin(6 * speed * time + 6 * phase)
    root = torch.stack([0.5 * time[:, 0, 0], 1 + 0.1 * time[:, 0, 0].sin(), -0.8 * time[:, 0, 0]], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(turns), root, fps=30.0)

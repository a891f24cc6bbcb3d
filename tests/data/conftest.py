"""Motions built in code: a body that swings its joints, walks and turns."""

import pytest
import torch

from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


def swinging(frames: int, *, seed: int) -> Motion:
    generator = torch.Generator().manual_seed(seed)
    time = torch.arange(frames) / 30
    amplitude = 0.3 * torch.randn(24, 3, generator=generator)
    axis_angles = torch.sin(3 * time + seed)[:, None, None] * amplitude
    axis_angles[:, 0] = torch.stack([0 * time, 1.0 + 0.2 * time, 0 * time], -1)
    root = torch.stack([0.3 * time, 0.95 + 0 * time, 0.1 * time], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(axis_angles), root)


@pytest.fixture(scope="session")
def bank() -> MotionBank:
    return MotionBank([swinging(90, seed=1), swinging(40, seed=2), swinging(25, seed=3)])

"""Dances built in code: sines in every joint, so that any frame rate can be had."""

import math
from collections.abc import Callable

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


@pytest.fixture(scope="session")
def dance() -> Callable[..., Motion]:
    """dance(seed, frames=45, fps=30.0, size=1.0): another dance for every seed, the same at all rates."""
    return _dance


def _dance(seed: int, *, frames: int = 45, fps: float = 30.0, size: float = 1.0) -> Motion:
    draw = torch.Generator().manual_seed(seed)
    reach, start, pace = (torch.rand(25, 3, generator=draw, dtype=torch.float64) for _ in range(3))
    time = torch.arange(frames, dtype=torch.float64)[:, None, None] / fps
    sway = size * reach * (2 * math.pi * ((0.5 + pace) * time + start)).sin()  # [T, 25, 3]
    root = 0.3 * sway[:, 24] + torch.tensor([0.0, 1.0, 0.0])
    return Motion.from_rotations(axis_angle_to_quaternion(sway[:, :24]), root, fps=fps)

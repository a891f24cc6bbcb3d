"""Kinetic features: how much each joint moves sideways, up and down, and how hard it is driven."""

from typing import Literal

import torch
from torch import Tensor

from .joints_at_60 import FPS, check_joints

KineticForm = Literal["fixed", "legacy"]
_REACH = 2  # frames on each side of the sliding window


def kinetic_features(joints: Tensor, *, fps: float, form: KineticForm = "fixed") -> Tensor:
    """[T, 24, 3] at 60 fps, y up -> [72]: for each joint horizontal energy, vertical energy, expenditure.

    With v and a the means of velocity and acceleration over frames i - 2 to i + 2, and all means over frames:
    v_x² + v_z² and v_y² in m²/s², |a| in m/s² (Onuma et al. 2008; fairmotion, aistplusplus_api features/).
    A statue is 0; a frame that steps evenly at 1 m/s is 1, 0, 0.

    `legacy` has the slip of the code behind most published tables (aistplusplus_api before 0bd0cdd): the
    earlier velocity is p_i - p_{i-1} / dt instead of (p_i - p_{i-1}) / dt. That adds (1/dt² - 1/dt) p_i, or
    3540 p_i, to the acceleration: 24 of 72 numbers say how far a joint is from where the pelvis began.
    """
    check_joints(joints, fps)
    if form not in ("fixed", "legacy"):
        raise ValueError(f"form must be fixed or legacy, got {form!r}")
    joints = joints.double()
    steps = joints.diff(dim=0) * FPS  # [T - 1, 24, 3] velocity that leads to frames 1 to T - 1
    acceleration = steps.diff(dim=0) * FPS  # [T - 2, 24, 3] of frames 1 to T - 2
    if form == "legacy":
        acceleration = acceleration + (FPS**2 - FPS) * joints[1:-1]
    frames = len(steps)
    energy = _window_mean(steps, frames).square().mean(0)  # [24, 3]
    expenditure = _window_mean(acceleration, frames).norm(dim=-1).mean(0)
    return torch.stack([energy[:, 0] + energy[:, 2], energy[:, 1], expenditure], -1).flatten()


def _window_mean(values: Tensor, centres: int) -> Tensor:
    """Means of values[i - 2], ..., values[i + 2] for the first i, over those that exist. [T, ...]."""
    centre = torch.arange(centres, device=values.device)
    first = (centre - _REACH).clamp(min=0)
    after = (centre + _REACH + 1).clamp(max=len(values))
    sums = torch.cat([torch.zeros_like(values[:1]), values.cumsum(0)])
    count = (after - first).view(-1, *[1] * (values.ndim - 1))
    return (sums[after] - sums[first]) / count

"""Kinetic features: how much each joint moves sideways, up and down, and how hard it is driven."""

from typing import Literal

import torch
from torch import Tensor

from ...motion import Motion
from .joints_at_60 import FPS, checked_joints

KineticForm = Literal["fixed", "legacy"]
_REACH = 2  # frames on each side of the sliding window


def kinetic_features(
    measured: Motion | Tensor, *, fps: float | None = None, form: KineticForm = "fixed"
) -> Tensor:
    """For each joint horizontal energy, vertical energy and expenditure, [72].

    A motion of any frame rate, or joints [..., T, 24, 3] at 60 fps, y up, from the origin -> [..., 72].

    With v and a the means of velocity and acceleration over frames i - 2 to i + 2, and all means over frames:
    v_x² + v_z² and v_y² in m²/s², |a| in m/s² (Onuma et al. 2008; fairmotion, aistplusplus_api features/).
    A statue is 0; a body that goes evenly at 1 m/s is 1, 0, 0 in every joint. No value is good or bad alone:
    sets of them are compared by FID, KID and Div.

    `legacy` has the slip of the code behind most published tables (aistplusplus_api before 0bd0cdd): the
    earlier velocity is p_i - p_{i-1} / dt instead of (p_i - p_{i-1}) / dt. That adds (1/dt² - 1/dt) p_i, or
    3540 p_i, to the acceleration: 24 of 72 numbers say how far a joint is from where the pelvis began.
    """
    joints = checked_joints(measured, fps)
    if form not in ("fixed", "legacy"):
        raise ValueError(f"form must be fixed or legacy, got {form!r}")
    steps = joints.diff(dim=-3) * FPS  # [..., T - 1, 24, 3] velocity that leads to frames 1 to T - 1
    acceleration = steps.diff(dim=-3) * FPS  # [..., T - 2, 24, 3] of frames 1 to T - 2
    if form == "legacy":
        acceleration = acceleration + (FPS**2 - FPS) * joints[..., 1:-1, :, :]
    frames = steps.shape[-3]
    energy = _window_mean(steps, frames).square().mean(-3)  # [..., 24, 3]
    expenditure = _window_mean(acceleration, frames).norm(dim=-1).mean(-2)
    horizontal, vertical = energy[..., 0] + energy[..., 2], energy[..., 1]
    return torch.stack([horizontal, vertical, expenditure], -1).flatten(-2)


def _window_mean(values: Tensor, centres: int) -> Tensor:
    """Means of frames i - 2 to i + 2 for the first i, over those that exist. [..., T, 24, 3]."""
    centre = torch.arange(centres, device=values.device)
    first = (centre - _REACH).clamp(min=0)
    after = (centre + _REACH + 1).clamp(max=values.shape[-3])
    sums = torch.cat([torch.zeros_like(values[..., :1, :, :]), values.cumsum(-3)], -3)
    return (sums[..., after, :, :] - sums[..., first, :, :]) / (after - first)[:, None, None]

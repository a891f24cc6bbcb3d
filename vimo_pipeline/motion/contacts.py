"""When is a foot on the ground? Two published rules for the four contact labels."""

from typing import Literal, get_args

import torch
from torch import Tensor

from .skeleton import CONTACT_JOINTS, joint_indices

CONTACT_SPEED = 0.3  # m/s: EDGE's 0.01 m a frame at 30 fps (dataset/dance_dataset.py)

ContactRule = Literal["speed", "vertical"]


def foot_contacts(joints: Tensor, *, fps: float, rule: ContactRule = "speed") -> Tensor:
    """Labels in {0, 1} for left and right ankle, left and right foot: [..., T, 24, 3] metres -> [..., T, 4].

    "speed" (EDGE): the joint moves slower than 0.3 m/s in any direction.
    "vertical" (ViMo, section 4.1): its vertical speed alone is below 0.3 m/s.
    The pipelines use "speed": at mid-swing a foot moves at several m/s with no vertical speed at all, and
    the foot-contact loss would then hold it back. The last frame repeats the one before it.
    """
    return foot_contacts_of(joints[..., joint_indices(CONTACT_JOINTS), :], fps=fps, rule=rule)


def foot_contacts_of(feet: Tensor, *, fps: float, rule: ContactRule = "speed") -> Tensor:
    """`foot_contacts` where only those four joints are at hand: [..., T, 4, 3] metres -> [..., T, 4]."""
    if rule not in get_args(ContactRule):
        raise ValueError(f"unknown contact rule {rule!r}; choose one of: {', '.join(get_args(ContactRule))}")
    if feet.shape[-3] < 2:
        return feet.new_ones(feet.shape[:-1])
    step = feet.diff(dim=-3) * fps  # [..., T-1, 4, 3]
    speed = step[..., 1].abs() if rule == "vertical" else step.norm(dim=-1)
    still = (speed < CONTACT_SPEED).to(feet.dtype)
    return torch.cat([still, still[..., -1:, :]], -2)

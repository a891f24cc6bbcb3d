"""Reconstruction and geometric losses."""

from .motion_losses import (
    foot_contact_loss,
    joint_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)
from .path import path_loss
from .regional import LIMB_ENDS, regional_position_loss

__all__ = [
    "LIMB_ENDS",
    "foot_contact_loss",
    "joint_position_loss",
    "path_loss",
    "regional_position_loss",
    "simple_loss",
    "velocity_loss",
    "weighted_mean",
]

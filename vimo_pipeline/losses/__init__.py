"""Reconstruction and geometric losses."""

from .motion_losses import (
    foot_contact_loss,
    joint_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)

__all__ = ["foot_contact_loss", "joint_position_loss", "simple_loss", "velocity_loss", "weighted_mean"]

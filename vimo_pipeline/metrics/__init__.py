"""Figures that say how good a motion is."""

from .pose_error import mpjpe, pa_mpjpe, procrustes

__all__ = ["mpjpe", "pa_mpjpe", "procrustes"]

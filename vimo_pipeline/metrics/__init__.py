"""Figures that say how good a motion is."""

from .feet import contact_f1, foot_skate
from .pose_error import mpjpe, pa_mpjpe, procrustes, similarity
from .smoothness import acceleration_error, jitter
from .world import root_trajectory_error, w_mpjpe, wa_mpjpe

__all__ = [
    "acceleration_error",
    "contact_f1",
    "foot_skate",
    "jitter",
    "mpjpe",
    "pa_mpjpe",
    "procrustes",
    "root_trajectory_error",
    "similarity",
    "w_mpjpe",
    "wa_mpjpe",
]

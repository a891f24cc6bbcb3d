"""Figures that say how good a motion is."""

from .calibration import Calibration, calibration
from .feet import contact_f1, foot_skate
from .pose_error import mpjpe, pa_mpjpe, procrustes, similarity
from .smoothness import acceleration_error, jitter
from .world import root_trajectory_error, w_mpjpe, wa_mpjpe

__all__ = [
    "Calibration",
    "acceleration_error",
    "calibration",
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

"""Noise in time: one timestep per frame (PTSS), that of streams, and the Min-SNR family of weights."""

from .ptss import PTSSScheduler
from .rolling import draw_rolling_timesteps, rolling_timesteps
from .snr_weights import WEIGHTINGS, normalize_weights, snr_weights

__all__ = [
    "WEIGHTINGS",
    "PTSSScheduler",
    "draw_rolling_timesteps",
    "normalize_weights",
    "rolling_timesteps",
    "snr_weights",
]

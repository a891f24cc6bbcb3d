"""Noise in time: one timestep per frame (PTSS) and the Min-SNR family of loss weights."""

from .ptss import PTSSScheduler
from .snr_weights import WEIGHTINGS, normalize_weights, snr_weights

__all__ = ["WEIGHTINGS", "PTSSScheduler", "normalize_weights", "snr_weights"]

"""How much each noise level counts in the loss: the Min-SNR family for networks that predict x0.

SNR(t) = alpha_bar_t / (1 - alpha_bar_t) is high at small t, where little noise is left, and falls to
almost nothing at t = T. All weights here multiply the squared error of x0, the clean sample; a network
that predicts noise would need them divided by SNR (Hang et al. 2023).
"""

from collections.abc import Callable

import torch
from torch import Tensor


def snr_weights(
    alphas_cumprod: Tensor, timesteps: Tensor, *, weighting: str = "average", gamma: float = 5.0
) -> Tensor:
    """Loss weight of every timestep, float32, in the shape of timesteps ([B], [B, T], ...).

    A clean frame (timestep below zero) is given, not predicted, and weighs nothing.
    """
    formula = weighting_formula(weighting)
    steps = timesteps.clamp(min=0)
    alpha_bar = alphas_cumprod.to(timesteps.device, torch.float32)[steps]
    time = steps / len(alphas_cumprod)
    return formula(alpha_bar / (1 - alpha_bar), time, gamma).masked_fill(timesteps < 0, 0.0)


def weighting_formula(name: str) -> Callable[[Tensor, Tensor, float], Tensor]:
    """The formula w(SNR, t / T, gamma) of that name."""
    if name not in WEIGHTINGS:
        raise ValueError(f"unknown SNR weighting {name!r}; choose one of: {', '.join(WEIGHTINGS)}")
    return WEIGHTINGS[name]


def normalize_weights(weights: Tensor) -> Tensor:
    """The same weights scaled to a mean of 1 over the batch; all-zero weights stay zero."""
    mean = weights.mean()
    return weights / torch.where(mean > 0, mean, torch.ones_like(mean))


class SNRWeightsMixin:
    """Gives a scheduler `loss_weights`; its config says `snr_weighting`, `snr_gamma` and `snr_normalize`."""

    def loss_weights(self, timesteps: Tensor) -> Tensor:
        """Weight of every timestep, in the shape of timesteps."""
        weights = snr_weights(
            self.alphas_cumprod,
            timesteps,
            weighting=self.config.snr_weighting,
            gamma=self.config.snr_gamma,
        )
        return normalize_weights(weights) if self.config.snr_normalize else weights


def _constant(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """1 (Ho et al. 2020, with the network turned to predict x0)."""
    return torch.ones_like(snr)


def _snr(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """SNR: the same as a constant weight on predicted noise (Salimans and Ho 2022)."""
    return snr


def _min_snr(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """min(SNR, gamma), gamma = 5 (Hang et al. 2023)."""
    return snr.clamp(max=gamma)


def _max_snr(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """max(SNR, gamma): Hang et al.'s name for a floor under SNR."""
    return snr.clamp(min=gamma)


def _trunc_snr(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """max(SNR, 1): truncated SNR (Salimans and Ho 2022)."""
    return snr.clamp(min=1.0)


def _soft_min_snr(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """SNR gamma / (SNR + gamma): min-SNR without the corner (Crowson et al. 2024, HDiT)."""
    return snr * gamma / (snr + gamma)


def _min_snr_sqrt_decay(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """min(SNR, sqrt(1 - t/T)) (ViMo-Flow thesis, section 3.4 iii)."""
    return torch.minimum(snr, (1 - time).sqrt())


def _min_snr_linear_decay(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """min(SNR, 1 - t/T) (ViMo-Flow thesis, section IV, decay min-cap)."""
    return torch.minimum(snr, 1 - time)


def _average(snr: Tensor, time: Tensor, gamma: float) -> Tensor:
    """(min(SNR, 1) + sqrt(1 - t/T)) / 2 (ViMo-Flow thesis, section IV, the setting it recommends)."""
    return (snr.clamp(max=1.0) + (1 - time).sqrt()) / 2


WEIGHTINGS = {
    "constant": _constant,
    "snr": _snr,
    "min_snr": _min_snr,
    "max_snr": _max_snr,
    "trunc_snr": _trunc_snr,
    "soft_min_snr": _soft_min_snr,
    "min_snr_sqrt_decay": _min_snr_sqrt_decay,
    "min_snr_linear_decay": _min_snr_linear_decay,
    "average": _average,
}

"""The triangle of a stream: the newest frame is all noise, each older one a step cleaner.

One call of the network takes every frame a step down: the oldest comes out clean and a new one enters, so a
stream costs one call a frame however many steps a frame gets (Rolling Diffusion, Ruhe et al. 2024;
FloodDiffusion: alpha of frame k at time t is clamp(t - k / n, 0, 1)).
"""

from torch import Tensor

from ...schedulers import PTSSScheduler, rolling_timesteps


def triangle(scheduler: PTSSScheduler, steps: int) -> Tensor:
    """Timesteps of a full triangle before a call of the network, oldest frame first, [steps], rising.

    After the call every frame has the timestep of the next older one, and the oldest is finished.
    """
    last = scheduler.config.num_train_timesteps - 1
    return rolling_timesteps(steps, last=last, fresh=1, ramp=steps, level=last)


def add_noise(scheduler: PTSSScheduler, clean: Tensor, noise: Tensor, times: Tensor) -> Tensor:
    """What the network sees of frames, [B, L, D]; times: [L]."""
    return scheduler.add_noise(clean, noise, times.expand(clean.shape[:2]))


def noise_in(scheduler: PTSSScheduler, noisy: Tensor, clean: Tensor, times: Tensor) -> Tensor:
    """The inverse of `add_noise`: the noise when the clean part is known. [B, L, D]; times: [L], not -1.

    To add it again at a lower timestep is a step of DDIM (Song et al. 2020, eq. 12 without fresh noise).
    """
    alpha_bar = scheduler.alphas_cumprod.to(times.device)[times][:, None]
    return (noisy - alpha_bar.sqrt() * clean) / (1 - alpha_bar).sqrt()

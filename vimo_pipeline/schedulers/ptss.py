"""A diffusion clock for every frame: DDIM and DDPM with one timestep per frame (PTSS, FVDM 2024)."""

from typing import Literal

import torch
from diffusers import DDIMScheduler, SchedulerMixin  # noqa: F401  from_pretrained looks SchedulerMixin up here
from diffusers.configuration_utils import register_to_config
from diffusers.schedulers.scheduling_ddim import DDIMSchedulerOutput
from diffusers.utils.torch_utils import randn_tensor
from torch import Tensor

from .snr_weights import SNRWeightsMixin, weighting_formula


class PTSSScheduler(SNRWeightsMixin, DDIMScheduler):
    """DDIM whose timesteps may differ from frame to frame; `eta=1` in `step` is DDPM's ancestral sampling.

    Samples are [B, T, D]. Timesteps are an int, [B] or [B, T], in 0 (almost clean) ... 999 (almost noise).
    A clean frame has timestep -1: `add_noise` leaves it alone, `step` returns it bit for bit and its loss
    weighs nothing. A frame whose previous timestep equals its timestep waits: it too is returned bit for bit.

        scheduler.set_timesteps(10)
        for t in scheduler.timesteps:
            times = torch.where(known, -1, t)  # [B, T]: known frames guide the others and do not move
            clean = model(sample, times.clamp(min=0), ...)
            sample = scheduler.step(clean, times, sample).prev_sample

    Timesteps are spaced "trailing": a network that predicts the clean sample does most of its work in the
    first call, which must see pure noise at t = T - 1. With ten steps "leading" would start at t = 900.
    """

    @register_to_config
    def __init__(
        self,
        num_train_timesteps: int = 1000,
        beta_start: float = 0.0001,
        beta_end: float = 0.02,
        beta_schedule: Literal["linear", "scaled_linear", "squaredcos_cap_v2"] = "linear",
        trained_betas: list[float] | None = None,
        clip_sample: bool = False,
        set_alpha_to_one: bool = True,
        steps_offset: int = 0,
        prediction_type: Literal["epsilon", "sample", "v_prediction"] = "sample",
        thresholding: bool = False,
        dynamic_thresholding_ratio: float = 0.995,
        clip_sample_range: float = 1.0,
        sample_max_value: float = 1.0,
        timestep_spacing: Literal["leading", "trailing", "linspace"] = "trailing",
        rescale_betas_zero_snr: bool = False,
        snr_weighting: str = "average",
        snr_gamma: float = 5.0,
        snr_normalize: bool = False,
    ):
        weighting_formula(snr_weighting)  # an unknown name fails here and not in the first training step
        super().__init__(
            num_train_timesteps=num_train_timesteps,
            beta_start=beta_start,
            beta_end=beta_end,
            beta_schedule=beta_schedule,
            trained_betas=trained_betas,
            clip_sample=clip_sample,
            set_alpha_to_one=set_alpha_to_one,
            steps_offset=steps_offset,
            prediction_type=prediction_type,
            thresholding=thresholding,
            dynamic_thresholding_ratio=dynamic_thresholding_ratio,
            clip_sample_range=clip_sample_range,
            sample_max_value=sample_max_value,
            timestep_spacing=timestep_spacing,
            rescale_betas_zero_snr=rescale_betas_zero_snr,
        )

    def set_timesteps(self, num_inference_steps: int, device: torch.device | str | None = None) -> None:
        """Choose the descending timesteps of sampling."""
        if num_inference_steps < 1:
            raise ValueError(f"num_inference_steps must be at least 1, got {num_inference_steps}")
        super().set_timesteps(num_inference_steps, device)
        # Rounding in stock "trailing" spacing appends t = -1 for 61, 103, ... steps (diffusers 0.42.1).
        self.timesteps = self.timesteps[:num_inference_steps]

    def sample_timesteps(
        self,
        batch: int,
        frames: int,
        *,
        p: float,
        generator: torch.Generator | None = None,
        device: torch.device | str | None = None,
    ) -> Tensor:
        """Training timesteps [B, T]: with probability p every frame has its own, otherwise all share one.

        The coin is thrown for every clip (FVDM throws it once a batch, which makes batches all or nothing).
        """
        if not 0 <= p <= 1:
            raise ValueError(f"p is a probability between 0 and 1, got {p}")
        where = device if generator is None else generator.device
        last = self.config.num_train_timesteps
        own = torch.randint(last, (batch, frames), generator=generator, device=where)
        alone = torch.rand(batch, 1, generator=generator, device=where) < p
        return torch.where(alone, own, own[:, :1]).to(device or where)

    def add_noise(self, original_samples: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """Every frame noised to its own level. samples, noise: [B, T, D]; timesteps: int, [B] or [B, T]."""
        times = self._align(timesteps, original_samples)
        alpha_bar = self._alpha_bar(times)
        noisy = alpha_bar.sqrt() * original_samples + (1 - alpha_bar).sqrt() * noise
        return noisy.to(original_samples.dtype)

    def lean(self, prior: Tensor, timesteps: Tensor) -> Tensor:
        """What is added to noisy frames whose noise lies around a prior and not around 0, [B, T, D].

        A diffusion of the difference to the prior (PriorGrad, Lee et al. 2022) shows the network
        x_t = sqrt(a) x_0 + (1 - sqrt(a)) prior + sqrt(1 - a) noise; clean frames stay clean.
        prior: [B, T, D]; timesteps: int, [B] or [B, T].
        """
        alpha_bar = self._alpha_bar(self._align(timesteps, prior))
        return ((1 - alpha_bar.sqrt()) * prior).to(prior.dtype)

    def get_velocity(self, sample: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
        """The target of a v-predicting network. sample, noise: [B, T, D]; timesteps: int, [B] or [B, T]."""
        alpha_bar = self._alpha_bar(self._align(timesteps, sample))
        return (alpha_bar.sqrt() * noise - (1 - alpha_bar).sqrt() * sample).to(sample.dtype)

    def previous_timestep(self, timestep: Tensor | int) -> Tensor:
        """The next lower entry of `timesteps`, in the shape of timestep; -1 (clean) below the lowest."""
        timestep = torch.as_tensor(timestep).long().contiguous()  # frames are often an expanded view
        rising = self.timesteps.flip(0).to(timestep.device)
        chain = torch.cat([rising.new_tensor([-1]), rising])
        return chain[torch.searchsorted(rising, timestep)]

    def step(
        self,
        model_output: Tensor,
        timestep: Tensor | int,
        sample: Tensor,
        *,
        eta: float = 0.0,
        generator: torch.Generator | list[torch.Generator] | None = None,
        variance_noise: Tensor | None = None,
        previous_timestep: Tensor | int | None = None,
        return_dict: bool = True,
    ) -> DDIMSchedulerOutput | tuple[Tensor, Tensor]:
        """One step towards clean, every frame from its timestep to its previous one.

        model_output, sample: [B, T, D]; timestep, previous_timestep: int, [B] or [B, T].
        Without previous_timestep a frame goes to the next lower entry of `timesteps`. Stock DDIM subtracts
        T // steps instead, which leaves that list, and ends above clean, when steps does not divide T.
        """
        now = self._align(timestep, sample)
        if previous_timestep is None:
            then = self.previous_timestep(now)
        else:
            then = self._align(previous_timestep, sample)
        clean, noise = self._predict(model_output, now, sample)
        alpha_bar, alpha_bar_then = self._alpha_bar(now), self._alpha_bar(then)

        # DDIM (Song et al. 2020) eq. 16: eta = 0 adds no noise, eta = 1 gives the DDPM posterior's variance.
        variance = (1 - alpha_bar_then) / _not_zero(1 - alpha_bar) * (1 - alpha_bar / alpha_bar_then)
        sigma = eta * variance.clamp(min=0).sqrt()
        # eq. 12: the clean prediction, the noise that stays, fresh noise.
        moved = alpha_bar_then.sqrt() * clean + (1 - alpha_bar_then - sigma**2).clamp(min=0).sqrt() * noise
        if eta > 0:
            if variance_noise is None:
                variance_noise = randn_tensor(
                    sample.shape, generator=generator, device=sample.device, dtype=sample.dtype
                )
            moved = moved + sigma * variance_noise

        moved = torch.where(then >= now, sample, moved.to(sample.dtype))
        clean = torch.where(now < 0, sample, clean.to(sample.dtype))
        return DDIMSchedulerOutput(moved, clean) if return_dict else (moved, clean)

    def _predict(self, model_output: Tensor, times: Tensor, sample: Tensor) -> tuple[Tensor, Tensor]:
        """What the network says about the clean sample and about the noise in it, both [B, T, D]."""
        alpha_bar = self._alpha_bar(times)
        signal, sigma = alpha_bar.sqrt(), _not_zero(1 - alpha_bar).sqrt()
        match self.config.prediction_type:
            case "sample":
                clean, noise = model_output, (sample - signal * model_output) / sigma
            case "epsilon":
                clean, noise = (sample - sigma * model_output) / signal, model_output
            case "v_prediction":
                clean = signal * sample - sigma * model_output
                noise = signal * model_output + sigma * sample
            case other:
                raise ValueError(f"prediction_type must be sample, epsilon or v_prediction, got {other!r}")
        if self.config.thresholding:
            clean = self._threshold_sample(clean)
        elif self.config.clip_sample:
            clean = clean.clamp(-self.config.clip_sample_range, self.config.clip_sample_range)
        return clean, noise

    def _alpha_bar(self, times: Tensor) -> Tensor:
        """Share of signal in the variance, in the shape of times; that of a clean frame is 1."""
        self.alphas_cumprod = self.alphas_cumprod.to(times.device)
        final = self.final_alpha_cumprod.to(times.device)
        return torch.where(times < 0, final, self.alphas_cumprod[times.clamp(min=0)])

    def _align(self, timesteps: Tensor | int, sample: Tensor) -> Tensor:
        """Timesteps of any accepted shape, checked and given the axes of sample: [B, T, 1]."""
        times = torch.as_tensor(timesteps, device=sample.device)
        fits = times.ndim < sample.ndim and all(
            size in (1, wanted) for size, wanted in zip(times.shape, sample.shape, strict=False)
        )
        if not fits:
            raise ValueError(
                f"timesteps must be one number, [B] or [B, T] for samples {list(sample.shape)}, "
                f"got {list(times.shape)}"
            )
        if times.is_floating_point() or times.max() >= self.config.num_train_timesteps:
            raise ValueError(
                f"timesteps must be integers from -1 (clean) to {self.config.num_train_timesteps - 1}, "
                f"got {times.dtype} up to {times.max()}"
            )
        return times.long().reshape(*times.shape, *[1] * (sample.ndim - times.ndim))


def _not_zero(variance: Tensor) -> Tensor:
    """A clean frame has no noise to divide by; its result is thrown away, but must not be NaN."""
    return variance.clamp(min=1e-20)

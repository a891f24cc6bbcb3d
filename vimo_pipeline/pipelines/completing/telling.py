"""How the denoiser is told what is known, before every prediction.

"vectorised": frames known whole are clean ones, timestep 0 among noisy ones (PTSS), and the noise of the
others may lie around the bridge. "replacement": truth noised to the others' level (ViMo, arXiv 2408.06614,
equation 8), which is also how parts of a frame are told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from ...schedulers import PTSSScheduler
from ..windows import WindowPlan
from .keeping import Known

Mechanism = Literal["vectorised", "replacement"]


@dataclass(frozen=True)
class Teller:
    """Pastes what is known into the latents of windows."""

    known: Known
    plan: WindowPlan
    scheduler: PTSSScheduler
    draw: Callable[[], Tensor]  # noise of whole motions, [N, T, 151]
    mechanism: Mechanism
    prior: Tensor | None = None  # [1, K, W, 151] what the noise lies around, normalised; None: the mean pose

    def tell(self, latents: Tensor, clean: Tensor, timestep: Tensor) -> tuple[Tensor, Tensor]:
        """Latents in which the known parts are known, [N, K, W, 151], and the timesteps, [N, K, W].

        clean: windows as predicted, with the truth in them, normalised. A clean frame has timestep -1.
        """
        given = self.plan.cut(self.known.mask.features()[None]).expand_as(latents)
        times = timestep.expand(latents.shape[:3])
        if self.mechanism == "vectorised":
            times = torch.where(given.all(-1), -1, times)
        flat = (each.flatten(0, 1) for each in (clean, self.noise(), times))
        truth = self.scheduler.add_noise(*flat).view_as(latents)
        return torch.where(given, truth, latents), times

    def lean(self, latents: Tensor, times: Tensor) -> Tensor:
        """Told latents as the network sees them, their noise around the prior, [N, K, W, 151]."""
        if self.prior is None:
            return latents
        flat = (self.prior.expand_as(latents).flatten(0, 1), times.flatten(0, 1))
        return latents + self.scheduler.lean(*flat).view_as(latents)

    def step_back(self, latents: Tensor, timestep: Tensor) -> Tensor:
        """RePaint's jump: from the timestep below back up to this one, [N, K, W, 151]."""
        below = self.scheduler.previous_timestep(timestep)
        share = self.scheduler.alphas_cumprod[timestep]
        if below >= 0:
            share = share / self.scheduler.alphas_cumprod[below]
        return share.sqrt() * latents + (1 - share).sqrt() * self.noise()

    def noise(self) -> Tensor:
        """Fresh noise of all windows, the same wherever they share a frame. [N, K, W, 151]."""
        return self.plan.cut(self.draw())

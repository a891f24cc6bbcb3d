"""The noise of a gap: what is known of a clip is clean, and between stands a span that is imagined."""

import torch
from torch import Generator, Tensor

CLEAN = -1  # the timestep of a known frame, see `PTSSScheduler`
_SHORTEST, _LONGEST = 0.15, 0.85  # shares of a window


def draw_gap_timesteps(batch: int, frames: int, *, last: int, generator: Generator) -> Tensor:
    """Timesteps for training, [B, T]: a gap anywhere in each clip is at one timestep, the rest is clean.

    Gaps may touch an end of the clip: a motion is then gone on with, or led up to. All levels of noise are
    as likely, but at least every third gap is pure noise, as the first step of sampling sees it.
    """

    def share() -> Tensor:
        return torch.rand(batch, 1, generator=generator)

    length = (frames * (_SHORTEST + (_LONGEST - _SHORTEST) * share())).long().clamp(1, frames - 1)
    start = (share() * (frames - length + 1)).long()
    times = torch.randint(last + 1, (batch, 1), generator=generator)
    times = torch.where(share() < 1 / 3, last, times)
    frame = torch.arange(frames)
    return torch.where((frame >= start) & (frame < start + length), times, CLEAN)

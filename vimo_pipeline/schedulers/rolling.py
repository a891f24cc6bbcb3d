"""The noise of a stream: frames long seen are done, the newest are noise, and between them it rises."""

import torch
from torch import Generator, Tensor

_FRESH, _RAMP = (1, 7), (4, 25)  # frames, the second excluded: what training draws from
_DONE, _LEVEL = 0.1, 0.5  # shares of the last timestep: at most and at least


def rolling_timesteps(
    frames: int,
    *,
    last: int,
    fresh: Tensor | int,
    ramp: Tensor | int,
    level: Tensor | int,
    done: Tensor | int = 0,
) -> Tensor:
    """Timesteps of a window whose newest frames came last, [T], or [B, T] where options are [B, 1].

    The `fresh` newest frames are at timestep `last`, pure noise. Before them it falls from `level` to `done`
    over `ramp` frames, and stays there. This is Rolling Diffusion's schedule (Ruhe et al. 2024) in which
    several frames may come at once.
    """
    age = torch.arange(frames - 1, -1, -1) - fresh  # of frames that were there before: 0, 1, ...
    falling = done + (level - done) * (1 - (age + 1) / ramp).clamp(min=0)
    return torch.where(age < 0, last, falling.long())


def draw_rolling_timesteps(batch: int, frames: int, *, last: int, generator: Generator) -> Tensor:
    """Such timesteps for training, [B, T]: every clip has its own number of new frames and slope.

    What is done has a little noise, for a stream's past is the network's own work and never quite right.
    """

    def between(low: float, high: float) -> Tensor:
        return torch.randint(int(low), int(high), (batch, 1), generator=generator)

    return rolling_timesteps(
        frames,
        last=last,
        fresh=between(*_FRESH),
        ramp=between(*_RAMP),
        level=between(_LEVEL * last, last + 1),
        done=between(0, _DONE * last),
    )

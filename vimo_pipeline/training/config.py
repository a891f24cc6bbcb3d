"""Everything a training run can be told; `train.py --help` is made from this."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..schedulers import WEIGHTINGS


@dataclass(frozen=True)
class TrainConfig:
    """Train the denoiser on motion packs seen by virtual casual cameras."""

    data: str
    """Folder that `vimo prepare` wrote, its id on the Hub, or a folder with index.json and pack_*.npz."""
    output: Path = Path("runs/base")
    """Where checkpoints and the finished pipeline go."""
    packs: tuple[str, ...] = ("cmu", "deepmimic")
    """Packs of a pack folder whose training split is learned from; the first one also validates."""
    resume: bool = True
    """Go on from the newest checkpoint in `output`."""

    model: Literal["small", "big"] = "small"
    film_version: Literal[1, 2] = 1
    dropout: float = 0.1
    beta_schedule: Literal["linear", "squaredcos_cap_v2"] = "linear"

    steps: int = 20_000
    """Optimiser steps in all; the last `decay` of them lower the learning rate to nothing."""
    decay: int = 2_000
    frames: tuple[int, ...] = (60, 60, 150)
    """Window lengths; each step takes one of them."""
    frames_a_step: int = 4800
    """Frames in a batch, so that short windows come in larger batches."""
    learning_rate: float = 1e-3
    warmup: int = 300
    weight_decay: float = 0.02
    optimizer: Literal["adan", "adamw"] = "adan"
    clip_norm: float = 1.0
    ema_decay: float = 0.999

    ptss: float = 0.2
    """Share of clips whose frames get timesteps of their own."""
    condition_dropout: float = 0.25
    """Share of clips that train the unconditional prediction."""
    snr_weighting: str = "constant"
    """Constant keeps the noisiest steps, where a video is lifted to 3D, at full weight."""
    snr_gamma: float = 5.0
    joints_weight: float = 20.0
    velocity_weight: float = 0.03
    foot_weight: float = 0.1
    lift_weight: float = 20.0
    """Of the encoder's own estimate of joints in the camera's axes."""

    mixed_precision: Literal["no", "bf16"] = "no"
    """Precision of the transformer; geometry is always float32."""
    checkpoint_every: int = 1000
    keep_checkpoints: int = 2
    validate_every: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        if self.snr_weighting not in WEIGHTINGS:
            raise ValueError(f"{self.snr_weighting=} is unknown; choose one of {', '.join(WEIGHTINGS)}")
        if not self.frames or min(self.frames) < 2:
            raise ValueError(f"windows must hold at least 2 frames, got {self.frames=}")
        if not 0 <= self.decay <= self.steps:
            raise ValueError(f"the decay is part of the steps, got {self.decay=} and {self.steps=}")

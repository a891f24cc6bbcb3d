"""Everything a training run can be told; `train.py --help` is made from this."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..data.augmentation import AUGMENTATIONS, check_names
from ..schedulers import WEIGHTINGS


@dataclass(frozen=True)
class TrainConfig:
    """Train the denoiser on motions seen by virtual casual cameras. The defaults are the recipe of today."""

    data: str
    """Folder that `vimo prepare` wrote, its id on the Hub, or a folder with index.json and pack_*.npz."""
    output: Path = Path("runs/base")
    """Where checkpoints and the finished pipeline go."""
    packs: tuple[str, ...] = ("cmu", "deepmimic")
    """Packs of a pack folder whose training split is learned from; the first one also validates."""
    augment: tuple[str, ...] = AUGMENTATIONS
    """Ways in which windows may differ from what was recorded."""
    start_from: Path | None = None
    """Folder of a finished pipeline of the same size whose weights are learned further."""
    resume: bool = True
    """Go on from the newest checkpoint in `output`."""

    model: Literal["small", "base", "big"] = "base"
    film_version: Literal[1, 2] = 1
    dropout: float = 0.0
    beta_schedule: Literal["linear", "squaredcos_cap_v2"] = "linear"
    prediction: Literal["diffusion", "regression", "interpolation"] = "diffusion"
    """Regression is the baseline without diffusion: from keypoints to motion in one look (see Objective).
    Interpolation trains the delta-interpolator that completion leans on, and no denoiser."""

    steps: int = 11_000
    """Optimiser steps in all; the last `decay` of them lower the learning rate to nothing."""
    decay: int = 3_000
    frames: tuple[int, ...] = (60, 150)
    """Window lengths; each step takes one of them."""
    frames_a_step: int = 2400
    """Frames in a batch, so that short windows come in larger batches; every process draws its own."""
    workers: int = 0
    """Processes that draw batches ahead. A GPU wants one a core; on a CPU they take time from the model."""
    accumulate: int = 1
    """Batches a step: their gradients are averaged before the weights move."""
    learning_rate: float = 1e-3
    warmup: int = 200
    weight_decay: float = 0.02
    optimizer: Literal["muon", "adamw", "adan"] = "muon"
    clip_norm: float = 1.0
    ema_decay: float = 0.999

    ptss: float = 0.1
    """Share of clips whose frames get timesteps of their own; 0 is one timestep a clip."""
    ptss_schedule: Literal["constant", "thesis"] = "constant"
    """The thesis goes from 0.2 to 0.5 and back, whatever `ptss` says."""
    rolling: float = 0.25
    """Share of clips, drawn before those of `ptss`, whose noise rises towards their end as in a stream."""
    gaps: float = 0.45
    """Share of clips, drawn before both, that are clean but for a gap, as completion sees them."""
    condition_dropout: float = 0.15
    """Share of clips that train the unconditional prediction; 0.25 in the papers."""
    snr_weighting: str = "constant"
    """Constant keeps the noisiest steps, where a video is lifted to 3D, at full weight."""
    snr_gamma: float = 5.0

    loss_schedule: Literal["constant", "thesis", "edge"] = "constant"
    """Constant: the weights below. The others bring weights of their own (see training/schedules.py)."""
    joints_weight: float = 40.0
    velocity_weight: float = 0.2
    velocity_warmup: int = 1000
    """Steps in which the velocity weight rises from a tenth: at full weight runs start by standing still."""
    foot_weight: float = 0.1
    path_weight: float = 20.0
    """Of the root's place in gaps, whose ends are known."""
    lift_weight: float = 20.0
    """Of the encoder's own estimate of joints in the camera's axes."""
    regional_weight: float = 0.0
    """Extra weight of hands and feet in the joint loss; 10 in MimicMotion."""
    regional_confidence: float = 0.6
    """Extra weight only where wrist or ankle were seen this surely; 0 is everywhere."""

    mixed_precision: Literal["no", "bf16"] = "bf16"
    """Precision of the transformer; geometry is always float32."""
    checkpoint_every: int = 1000
    keep_checkpoints: int = 2
    validate_every: int = 500
    sample_every: int = 2000
    """Steps between pictures of held-out clips in OUTPUT/samples; 0 is never."""
    warn_every: int = 2000
    """Steps before the monitor says the same thing again; 0 turns it off."""
    tracker: str = "tensorboard"
    """Where figures go: any tracker of accelerate, as wandb or mlflow, or none."""
    seed: int = 0

    def __post_init__(self) -> None:
        check_names(self.augment)
        if self.snr_weighting not in WEIGHTINGS:
            raise ValueError(f"{self.snr_weighting=} is unknown; choose one of {', '.join(WEIGHTINGS)}")
        if not self.frames or min(self.frames) < 2:
            raise ValueError(f"windows must hold at least 2 frames, got {self.frames=}")
        if not 0 <= self.decay <= self.steps:
            raise ValueError(f"the decay is part of the steps, got {self.decay=} and {self.steps=}")
        for name in ("ptss", "rolling", "gaps", "condition_dropout", "regional_confidence"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be between 0 and 1, got {getattr(self, name)}")
        if self.workers < 0:
            raise ValueError(f"workers must be 0 or more, got {self.workers}")
        for name in ("accumulate", "frames_a_step", "validate_every", "checkpoint_every", "keep_checkpoints"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")

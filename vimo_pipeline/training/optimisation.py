"""What a run optimises and with what: the model, the optimiser, and the attention that trains fastest."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import Optimizer

from ..models import ViMoTransformer
from ..models.transformer import PRESETS
from .config import TrainConfig


def make_model(config: TrainConfig) -> ViMoTransformer:
    """The untrained denoiser. A regressor's door for noisy motion is shut: fed zeros, it gets no gradient.

    So its weights stay zero, and what a sampler puts there later changes nothing.
    """
    model = ViMoTransformer(
        **PRESETS[config.model], film_version=config.film_version, dropout=config.dropout,
        max_frames=max(config.frames),
    )  # fmt: skip
    if config.prediction == "regression":
        torch.nn.init.zeros_(model.motion_in.weight)
    return model


def make_optimizer(config: TrainConfig, model: ViMoTransformer) -> Optimizer:
    """Adan (Xie et al. 2022), as the papers, or AdamW."""
    options = {"lr": config.learning_rate, "weight_decay": config.weight_decay}
    if config.optimizer == "adamw":
        return torch.optim.AdamW(model.parameters(), **options)
    try:
        from pytorch_optimizer import Adan
    except ImportError as missing:
        raise ImportError("Adan needs pytorch-optimizer: pip install 'vimo-pipeline[train]'") from missing
    return Adan(model.parameters(), weight_decouple=True, **options)


def quick_attention(device: torch.device) -> AbstractContextManager:
    """On a CPU plain matrix products train these short windows twice as fast as torch 2.13's flash kernel."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()

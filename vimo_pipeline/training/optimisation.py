"""What a run optimises and with what: the model, the optimiser, and the attention that trains fastest."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import Optimizer

from ..models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from ..models.transformer import PRESETS
from .config import TrainConfig

_NEW = {"turn_rate", "mean", "std"}


def make_model(config: TrainConfig, normaliser: MotionNormaliser) -> ViMoTransformer | DeltaInterpolator:
    """What a run trains, untrained or with the weights of `config.start_from`."""
    if config.prediction == "interpolation":
        return _make_interpolator(config)
    return _make_denoiser(config, normaliser)


def _make_interpolator(config: TrainConfig) -> DeltaInterpolator:
    """That of `config.start_from`, if it has one."""
    folder = config.start_from and config.start_from / "interpolator"
    if folder and folder.is_dir():
        return DeltaInterpolator.from_pretrained(folder, torch_dtype=torch.float32)
    return DeltaInterpolator(dropout=config.dropout, max_frames=max(config.frames))


def _make_denoiser(config: TrainConfig, normaliser: MotionNormaliser) -> ViMoTransformer:
    """The denoiser, untrained or with the weights of `config.start_from`.

    A regressor's door for noisy motion is shut: fed zeros, it gets no gradient. So its weights stay zero,
    and what a sampler puts there later changes nothing.
    """
    model = ViMoTransformer(
        **PRESETS[config.model], film_version=config.film_version, dropout=config.dropout,
        max_frames=max(config.frames),
    )  # fmt: skip
    if config.start_from is not None:
        _load_weights(model, config)
    model.set_units(normaliser.mean, normaliser.std)
    if config.prediction == "regression":
        torch.nn.init.zeros_(model.motion_in.weight)
    return model


def _load_weights(model: ViMoTransformer, config: TrainConfig) -> None:
    """Those of a finished model of the same size; what turns bodies may be new."""
    weights = ViMoTransformer.from_pretrained(config.start_from / "transformer").state_dict()
    known = model.state_dict()
    strange = [name for name in weights if name not in known or weights[name].shape != known[name].shape]
    if strange or {name.partition(".")[0] for name in known.keys() - weights.keys()} - _NEW:
        raise ValueError(f"{config.start_from} holds another model than --model {config.model}")
    model.load_state_dict(weights, strict=False)


def make_optimizer(config: TrainConfig, model: torch.nn.Module) -> Optimizer:
    """Muon (Jordan et al. 2024) for the blocks' matrices and AdamW for the rest; AdamW; Adan, as the papers.

    Muon costs a little more time a step and needs fewer of them.
    """
    options = {"lr": config.learning_rate, "weight_decay": config.weight_decay}
    if config.optimizer == "adamw":
        return torch.optim.AdamW(model.parameters(), **options)
    try:
        from pytorch_optimizer import Adan, Muon
    except ImportError as missing:
        name = config.optimizer.capitalize()
        raise ImportError(f"{name} needs pytorch-optimizer: pip install 'vimo-pipeline[train]'") from missing
    if config.optimizer == "adan":
        return Adan(model.parameters(), weight_decouple=True, **options)
    return Muon(_muon_groups(model, options), use_adjusted_lr=True)


def _muon_groups(model: torch.nn.Module, options: dict[str, float]) -> list[dict]:
    """Matrices inside the blocks are orthogonalised, at twice the rate; ends, biases and norms are not."""
    inside = {
        name: weights.ndim == 2 and name.startswith(("encoder.", "blocks."))
        for name, weights in model.named_parameters()
    }
    matrices = [weights for name, weights in model.named_parameters() if inside[name]]
    rest = [weights for name, weights in model.named_parameters() if not inside[name]]
    return [
        {"params": matrices, "use_muon": True, **options, "lr": 2 * options["lr"]},
        {"params": rest, "use_muon": False, **options, "betas": (0.9, 0.95)},
    ]


def quick_attention(device: torch.device) -> AbstractContextManager:
    """On a CPU plain matrix products train these short windows twice as fast as torch 2.13's flash kernel."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()

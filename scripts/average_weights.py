"""The mean of several finished models of one size, often better than each on what none has seen.

    python scripts/average_weights.py --models runs/a/checkpoint-2000/components runs/a/final --out runs/mean

Weights on one way of training lie in one valley (Izmailov et al. 2018, stochastic weight averaging).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro

from vimo_pipeline.models import ViMoTransformer


@dataclass(frozen=True)
class Average:
    """Of what and where to."""

    models: tuple[Path, ...]
    """Folders with a `transformer`; what else there is in the first one is taken over."""
    out: Path


def average(options: Average) -> None:
    """Write the mean model; a ValueError if the models are of different sizes."""
    if len(options.models) < 2:
        raise ValueError(f"a mean is of at least two models, got {len(options.models)}")
    models = [ViMoTransformer.from_pretrained(folder / "transformer").float() for folder in options.models]
    shapes = [{name: weights.shape for name, weights in model.state_dict().items()} for model in models]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError(f"the models in {', '.join(map(str, options.models))} are of different sizes")
    states = [model.state_dict() for model in models]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    models[0].load_state_dict(mean)
    shutil.copytree(options.models[0], options.out, dirs_exist_ok=True)
    models[0].save_pretrained(options.out / "transformer")


if __name__ == "__main__":
    average(tyro.cli(Average))

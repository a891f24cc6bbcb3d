"""What each idea is worth: small models that differ in one thing, trained on the same data for as long.

    python benchmarks/ablations.py --data ../shared/data/mocap --start-from vimo_pipeline/weights/base

Each row of `IDEAS` is trained from nothing with every seed. Augmentations help only a model that has seen
its data often, so a finished base model goes on learning without any and with each of them. Rows that are
done are not trained again. `benchmarks/accuracy.py --ablations runs/ablations` measures them.
"""

import logging
import time
from dataclasses import dataclass, replace
from pathlib import Path

import tyro

from vimo_pipeline.data.augmentation import AUGMENTATIONS
from vimo_pipeline.training import TrainConfig, train

BUDGET = {
    "model": "small", "steps": 600, "decay": 400, "warmup": 60, "frames_a_step": 1200,
    "frames": (60, 60, 150), "velocity_warmup": 200, "ptss": 0.0, "rolling": 0.0, "gaps": 0.0,
    "snr_weighting": "constant",
    "validate_every": 600, "checkpoint_every": 600, "keep_checkpoints": 1, "sample_every": 0,
}  # fmt: skip
_FLOW = {"snr_weighting": "average", "ptss": 0.3}
IDEAS: dict[str, dict] = {
    "regressor": {"prediction": "regression"},
    "ViMo": {},
    "ViMo + Min-SNR": {"snr_weighting": "average"},
    "ViMo + PTSS": {"ptss": 0.3},
    "ViMo-Flow": _FLOW,
    "ViMo-Flow + gated regions": {**_FLOW, "regional_weight": 2.0},
    "ViMo-Flow + regions": {**_FLOW, "regional_weight": 2.0, "regional_confidence": 0.0},
}
GOING_ON = {
    "model": "base", "steps": 300, "decay": 300, "warmup": 20, "learning_rate": 4e-4, "velocity_warmup": 1,
    "ptss": 0.2, "rolling": 0.0, "gaps": 0.0, "frames": (60, 60, 150),
    "validate_every": 300, "checkpoint_every": 300, "keep_checkpoints": 1, "sample_every": 0,
}  # fmt: skip
NONE = "no augmentation"


@dataclass(frozen=True)
class Ablations:
    """What to train."""

    data: str
    out: Path = Path("runs/ablations")
    seeds: tuple[int, ...] = (0, 1)
    """Of every idea."""
    start_from: Path | None = None
    """Finished base model that goes on with and without augmentations; else they are not measured."""
    only: tuple[str, ...] = ()
    """Names of the rows to train; all unless given."""


def main(options: Ablations) -> None:
    """Train what is missing, first seed first."""
    logging.basicConfig(level=logging.WARNING)
    for name, config in runs(options).items():
        wanted = not options.only or name.partition(", seed")[0] in options.only
        if wanted and not (config.output / "final").is_dir():
            start = time.perf_counter()
            train(config)
            print(f"{name}: {time.perf_counter() - start:.0f} s")


def runs(options: Ablations) -> dict[str, TrainConfig]:
    """Name -> configuration, in the order of training."""
    base = TrainConfig(data=options.data, **BUDGET)
    rows = {
        f"{idea}, seed {seed}": replace(base, **changes, seed=seed)
        for seed in options.seeds
        for idea, changes in IDEAS.items()
    }
    if options.start_from is not None:
        going_on = TrainConfig(data=options.data, **GOING_ON, start_from=options.start_from)
        rows |= {name: replace(going_on, augment=names) for name, names in augmentations().items()}
    return {name: replace(run, output=options.out / folder_of(name)) for name, run in rows.items()}


def augmentations() -> dict[str, tuple[str, ...]]:
    """Which augmentations each row goes on with."""
    return {NONE: ()} | {f"with {name}": (name,) for name in AUGMENTATIONS}


def folder_of(name: str) -> str:
    """A row's name as that of a folder."""
    return name.replace(", seed ", "-").replace(" + ", "+").replace(", ", "-").replace(" ", "_").lower()


if __name__ == "__main__":
    main(tyro.cli(Ablations))

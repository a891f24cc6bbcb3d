"""What each idea is worth: small models that differ in one thing, trained on the same data for as long.

    python benchmarks/ablations.py --data ../shared/data/mocap --out runs/ablations

Each row of `IDEAS` is trained with every seed, each of `AUGMENTATIONS` is left out once; rows that are done
are not trained again. `benchmarks/accuracy.py --ablations runs/ablations` measures them.
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
    "velocity_warmup": 200, "ptss": 0.0, "snr_weighting": "constant",
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
BASE = "regressor"  # augmentations are left out of it: it is measured without the noise of sampling


@dataclass(frozen=True)
class Ablations:
    """What to train."""

    data: str
    out: Path = Path("runs/ablations")
    seeds: tuple[int, ...] = (0, 1)
    """Of every idea; augmentations are left out with the first."""
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
    first, *others = (
        {f"{idea}, seed {seed}": {**changes, "seed": seed} for idea, changes in IDEAS.items()}
        for seed in options.seeds
    )
    left_out = {f"without {name}": {"augment": _without(name)} for name in AUGMENTATIONS}
    left_out["no augmentation"] = {"augment": ()}
    less = {name: {**IDEAS[BASE], **changes, "seed": options.seeds[0]} for name, changes in left_out.items()}
    rows = first | less | {name: row for seed in others for name, row in seed.items()}
    return {
        name: replace(base, **changes, output=options.out / folder_of(name)) for name, changes in rows.items()
    }


def _without(name: str) -> tuple[str, ...]:
    return tuple(other for other in AUGMENTATIONS if other != name)


def folder_of(name: str) -> str:
    """A row's name as that of a folder."""
    return name.replace(", seed ", "-").replace(" + ", "+").replace(", ", "-").replace(" ", "_").lower()


if __name__ == "__main__":
    main(tyro.cli(Ablations))

"""What a run says of itself to readers of a model card: data, recipe, command, steps."""

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from ..data.load import load_clips
from ..pipelines.cards.training_facts import FILE, TrainingFacts, read_training
from ..whole_file import read_json, shortened, whole_file
from .config import TrainConfig

# Fields that say where and how often, not what is learned.
HOUSEKEEPING = (
    "data", "output", "packs", "resume", "start_from", "workers", "checkpoint_every", "keep_checkpoints",
    "validate_every", "sample_every", "warn_every", "tracker",
)  # fmt: skip
OPTIMISERS = {"muon": "Muon and AdamW", "adamw": "AdamW", "adan": "Adan"}
_MAX_CONFIG_BYTES = 1 << 20
_LARGEST = 1e12  # no option is a larger number


def note_run(
    folder: str | Path, run: str | Path, *, done: int | None = None, hours: str | None = None
) -> TrainingFacts:
    """Put a run into the `training.json` of a pipeline folder and return what is written there now.

    It follows the runs that are there if it started from weights; the same run noted again takes its own
    place.
    done: steps, where it was stopped before the last.
    """
    config = read_run(run)
    facts = read_training(folder) or TrainingFacts(Path(folder).name)
    this = run_facts(config, done=done)
    before = (
        [] if config.start_from is None else [one for one in facts.runs if one["command"] != this["command"]]
    )
    facts = replace(
        facts, runs=[*before, this], data=facts.data or data_facts(config), hours=hours or facts.hours
    )
    with whole_file(Path(folder) / FILE) as partial:
        partial.write_text(json.dumps(asdict(facts), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return facts


def run_facts(config: TrainConfig, *, done: int | None = None) -> dict[str, str]:
    """A run in words: `command`, `steps` and `recipe`. done: steps, where it was stopped before the last."""
    return {"command": command(config), "steps": steps(config, done), "recipe": recipe(config)}


def read_run(folder: str | Path) -> TrainConfig:
    """The config that a run left in its output folder."""
    path = Path(folder) / "config.json"
    found = read_json(path, max_bytes=_MAX_CONFIG_BYTES)
    kinds = get_type_hints(TrainConfig)
    if not isinstance(found, dict) or not found.keys() <= kinds.keys():
        raise ValueError(f"{path} is no config of a training run")
    try:
        return TrainConfig(**{name: _typed(value, kinds[name]) for name, value in found.items()})
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is no config of a training run: {shortened(error)}") from error


def data_facts(config: TrainConfig) -> list[dict[str, Any]]:
    """What was learned from, a row a pack: `name`, `clips`, `minutes`, `licence`."""
    packs = config.packs if (Path(config.data) / "index.json").is_file() else ("",)
    return [_pack_facts(config.data, pack) for pack in packs]


def command(config: TrainConfig) -> str:
    """What to type for such a run: everything that is not the default."""
    words = ["accelerate launch train.py --data FOLDER"]
    if config.start_from is not None:
        words.append("--start-from MODEL")
    for field in fields(TrainConfig):
        value = getattr(config, field.name)
        if field.name in HOUSEKEEPING or value == field.default:
            continue
        shown = value if isinstance(value, tuple) else (value,)
        words.append(f"--{field.name.replace('_', '-')} {' '.join(map(str, shown))}")
    return " ".join(words)


def steps(config: TrainConfig, done: int | None = None) -> str:
    """How many steps at which learning rate."""
    done = config.steps if done is None else done
    falling = max(0, done - (config.steps - config.decay))
    if not falling:
        return f"{done:,} at full learning rate"
    if done == config.steps:
        return f"{done:,}, the last {falling:,} with falling learning rate"
    return f"{done:,} of {config.steps:,}, the last {falling:,} with falling learning rate"


def recipe(config: TrainConfig) -> str:
    """Objective, noise, batches and optimiser in one line."""
    windows = " and ".join(str(length) for length in sorted(set(config.frames)))
    changes = TrainConfig.__dataclass_fields__["augment"].default
    whole = set(config.augment) == set(changes)
    parts = [
        *_objective(config),
        f"windows of {windows} frames",
        f"{config.frames_a_step * config.accumulate:,} frames a step",
        f"{OPTIMISERS[config.optimizer]} {config.learning_rate:g}",
        f"EMA {config.ema_decay:g}",
        "bf16 blocks with fp32 geometry" if config.mixed_precision == "bf16" else "fp32",
        "all augmentations" if whole else f"augmentations: {', '.join(config.augment) or 'none'}",
    ]
    return ", ".join(parts)


def _objective(config: TrainConfig) -> list[str]:
    """What is predicted from what."""
    if config.prediction == "regression":
        return ["regression without noise"]
    if config.prediction == "interpolation":
        return ["the delta-interpolator: what a bridge over a gap lacks, without noise"]
    return _diffusion(config)


def _diffusion(config: TrainConfig) -> list[str]:
    """The noise and what is hidden; a regressor meets none of it."""
    path_counts = config.gaps and config.path_weight
    return [
        f"x0-prediction, T = 1000 {config.beta_schedule}, {config.snr_weighting} weights",
        f"PTSS p = {config.ptss:g}" if config.ptss_schedule == "constant" else "PTSS as in the thesis",
        *([f"a stream's noise for {config.rolling:.0%} of the clips"] if config.rolling else []),
        *([f"gaps in clean motion, bridged, for {config.gaps:.0%} of the clips"] if config.gaps else []),
        *([f"the path through them weighs {config.path_weight:g}"] if path_counts else []),
        f"condition dropout {config.condition_dropout:g}",
    ]


def _typed(value: Any, kind: Any) -> Any:
    """A value of JSON as a field of this kind has it."""
    choices = get_args(kind)
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_typed(one, choices[0]) for one in value)
    if Path in (kind, *choices) and isinstance(value, str):
        return Path(value)
    if NoneType in choices and value is None:
        return None
    fits = value in choices if choices else isinstance(value, (int, float) if kind is float else kind)
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{shortened(repr(value))} stands where {kind} belongs")
    if isinstance(value, int | float) and not abs(value) < _LARGEST:
        raise ValueError(f"{value} is more than any option is")
    return value


def _pack_facts(data: str, pack: str) -> dict[str, Any]:
    clips = load_clips(data, split="train", packs=(pack,))
    seconds = sum(len(clip.motion) / clip.motion.fps for clip in clips)
    licences = sorted({clip.licence for clip in clips})
    name = pack or Path(data).name
    return {
        "name": name, "clips": len(clips), "minutes": round(seconds / 60, 1), "licence": "; ".join(licences)
    }  # fmt: skip

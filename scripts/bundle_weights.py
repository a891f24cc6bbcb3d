"""Turn a training run into the weights that come with the package: half precision, safetensors, small shards.

    python scripts/bundle_weights.py --components runs/base/final
    python scripts/make_model_card.py --picture

A run trains the denoiser or the delta-interpolator; the other one stays as it is in --out. Without --out the
second line brings their model card up to date, after benchmarks/accuracy.py --write.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.publishing.model_folder import forget_where_it_was
from vimo_pipeline.schedulers import PTSSScheduler
from vimo_pipeline.training.facts import note_run


@dataclass(frozen=True)
class Bundle:
    """Where from and where to."""

    components: Path
    """A run's `final` folder, or `components` of one of its checkpoints."""
    out: Path = BUNDLED_WEIGHTS


def bundle(options: Bundle) -> None:
    """Networks are halved; the normaliser is 302 numbers and keeps all its digits."""
    interpolator = found(options, "interpolator")
    pipe = ViMoPipeline(
        ViMoTransformer.from_pretrained(found(options, "transformer")).to(torch.float16),
        PTSSScheduler.from_pretrained(found(options, "scheduler")),
        MotionNormaliser.from_pretrained(found(options, "normaliser")),
        interpolator and DeltaInterpolator.from_pretrained(interpolator).to(torch.float16),
    )
    options.out.mkdir(parents=True, exist_ok=True)
    note(options)  # first: the card of a new folder is made of it
    pipe.save_pretrained(options.out, max_shard_size="15MB")
    for config in options.out.rglob("*.json"):
        forget_where_it_was(config)


def found(options: Bundle, component: str) -> Path | None:
    """Where a component lies: in the run, or where the new weights go."""
    places = (folder / component for folder in (options.components, options.out))
    return next((place for place in places if place.is_dir()), None)


def note(options: Bundle) -> None:
    """Which run the components are of, and how far it had come: training.json in the new folder."""
    folder = options.components.resolve()
    checkpoint = re.fullmatch(r"checkpoint-(\d+)", folder.parent.name)
    run = folder.parent.parent if checkpoint else folder.parent
    if (run / "config.json").is_file():
        note_run(options.out, run, done=int(checkpoint[1]) if checkpoint else None)


if __name__ == "__main__":
    bundle(tyro.cli(Bundle))

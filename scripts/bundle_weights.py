"""Turn a training run into the weights that come with the package: half precision, safetensors, small shards.

python scripts/bundle_weights.py --components runs/base/final
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.schedulers import PTSSScheduler

CARD = Path(__file__).parents[1] / "docs" / "MODEL_CARD.md"


@dataclass(frozen=True)
class Bundle:
    """Where from and where to."""

    components: Path
    """A run's `final` folder, or `components` of one of its checkpoints."""
    out: Path = BUNDLED_WEIGHTS


def bundle(options: Bundle) -> None:
    """The transformer is halved; the normaliser is 302 numbers and keeps all its digits."""
    transformer = ViMoTransformer.from_pretrained(options.components / "transformer")
    pipe = ViMoPipeline(
        transformer.to(torch.float16),
        PTSSScheduler.from_pretrained(options.components / "scheduler"),
        MotionNormaliser.from_pretrained(options.components / "normaliser"),
    )
    pipe.save_pretrained(options.out, max_shard_size="15MB")
    for config in options.out.rglob("*.json"):
        forget_where_it_was(config)
    shutil.copyfile(CARD, options.out / "README.md")


def forget_where_it_was(config: Path) -> None:
    """diffusers notes the folder a component was loaded from; that is nobody's business."""
    entries = json.loads(config.read_text())
    entries.pop("_name_or_path", None)
    config.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    bundle(tyro.cli(Bundle))

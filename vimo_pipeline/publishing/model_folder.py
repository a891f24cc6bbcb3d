"""The folder that becomes a model's repository: weights in two precisions, and a card with its picture."""

import json
import shutil
from pathlib import Path

import torch

from ..models import DeltaInterpolator, ViMoTransformer
from ..pipelines.cards.model_card import PICTURE, model_card, named, with_remote_code
from ..pipelines.cards.picture import write_card_picture
from ..pipelines.cards.results import CardTable
from ..pipelines.cards.training_facts import FILE
from ..pipelines.hub import GENERATED
from ..pipelines.vimo import ViMoPipeline

VARIANT = "fp16"


def write_model(
    folder: Path,
    pipe: ViMoPipeline,
    *,
    source: Path,
    repo_id: str,
    results: list[CardTable] | None = None,
    film: str | Path | None = None,
    max_shard_size: str = "1GB",
) -> None:
    """Write a pipeline as it is published under `repo_id`. source: the folder that it was loaded from.

    The weights are written in float32 and, as variant fp16, in half precision. film: a video or keypoints
    file for the picture.
    """
    folder.mkdir(parents=True)
    for name in (FILE, PICTURE):
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
    if film is not None:
        write_card_picture(folder / PICTURE, film, pipe=pipe)
    pipe.save_pretrained(folder, max_shard_size=max_shard_size)
    card = _card(folder, source, repo_id, results)
    (folder / "README.md").write_text(card, encoding="utf-8")
    _write_half(folder, pipe, max_shard_size)
    for config in folder.rglob("*.json"):
        forget_where_it_was(config)


def _write_half(folder: Path, pipe: ViMoPipeline, max_shard_size: str) -> None:
    """The variant; the normaliser is 302 numbers and keeps all its digits."""
    networks = {"transformer": ViMoTransformer}
    if pipe.interpolator is not None:
        networks["interpolator"] = DeltaInterpolator
    for name, network in networks.items():
        halved = network.from_pretrained(folder / name, torch_dtype=torch.float16)
        halved.save_pretrained(folder / name, max_shard_size=max_shard_size, variant=VARIANT)
    pipe.normaliser.save_pretrained(folder / "normaliser", variant=VARIANT)


def _card(folder: Path, source: Path, repo_id: str, results: list[CardTable] | None) -> str:
    """What somebody wrote stays; figures that stand in the old card alone stay; else all is made anew."""
    path = source / "README.md"
    old = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if old and GENERATED not in old:
        return old
    keep = results is None and "MPJPE" in old
    card = named(old, repo_id) if keep else model_card(folder, repo_id, results=results)
    return with_remote_code(card, repo_id)


def forget_where_it_was(config: Path) -> None:
    """diffusers notes the folder that a component was loaded from; that is nobody's business."""
    entries = json.loads(config.read_text(encoding="utf-8"))
    if entries.pop("_name_or_path", None):
        config.write_text(json.dumps(entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")

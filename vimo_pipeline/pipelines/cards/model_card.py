"""The model card (README.md) that goes with a saved pipeline: made from its files, never typed."""

import re
import shutil
from math import prod
from pathlib import Path
from typing import Any

import torch
from diffusers import DiffusionPipeline
from huggingface_hub import ModelCardData
from safetensors import safe_open

from ...models import ViMoTransformer
from ...whole_file import read_json, whole_file
from ..hub import BUNDLED_WEIGHTS, GENERATED, MAX_CONFIG_BYTES, REMOTE_CODE
from .fingerprint import fingerprint, weight_files
from .results import CardTable, eval_results, whose_figures
from .training_facts import TrainingFacts, read_training

TASK = "image-to-3d"  # the nearest in the Hub's fixed list of tasks, which has no video-to-3d
TAGS = ["motion-capture", "video-to-motion", "smpl", "human-motion", "diffusion"]
PICTURE = "model_card.jpg"
PRECISIONS = {"F16": "half precision", "BF16": "bfloat16", "F32": "single precision"}

CARD = """\
---
{front_matter}
---

# {title}

A casual video of a person in, several plausible, editable 3D motions of the SMPL skeleton out, without camera
calibration: `ViMoPipeline` ([arXiv 2408.06614](https://arxiv.org/abs/2408.06614)) with {size}.

{picture}```python
from vimo_pipeline import ViMoPipeline, save_motion

pipe = ViMoPipeline.from_pretrained({name})
motions = pipe("dance.mp4", num_hypotheses=2).motions  # the likeliest first
print(motions[0].joints().shape)  # [T, 24, 3] in metres, y up
save_motion(motions[0], "motion.bvh")
```

A window holds {frames} frames at {fps:g} fps; longer videos are cut into windows that overlap by {overlap}.
No code of this repository is run and no pickle is opened.

## Training

{training}
## Figures

{figures}
## Intended use

Animation, games, previsualisation, motion research. Not for biomechanics, medicine, surveillance or
identification: no figure here supports such use.

## Limits

The root's path through the room is imagined, body shape is SMPL's mean, hands have no fingers and faces no
expression, one person at a time; the floor is flat. {limits}

## Licence

{licence}

{generated}
"""

REMOTE = """
Through diffusers alone, with `vimo_pipeline` installed; the short files of the branch `{revision}` only point
to it:

```python
from diffusers import DiffusionPipeline

pipe = DiffusionPipeline.from_pretrained(
    "{name}", revision="{revision}", custom_pipeline="pipeline", trust_remote_code=True
)
```
"""

UNKNOWN = "Not stated yet: whoever trained these weights knows, and writes it here.\n"


def write_model_card(pipe: DiffusionPipeline, folder: str | Path, *, name: str) -> bool:
    """Write README.md into the folder of a saved pipeline, unless there is one. True if written.

    The bundled weights take their own card and its picture along; of others only what the folder holds is
    said.
    """
    folder = Path(folder)
    path = folder / "README.md"
    if path.exists():
        return False
    bundled = BUNDLED_WEIGHTS / "README.md"
    if bundled.exists() and _holds_bundled_weights(pipe):
        card = named(bundled.read_text(encoding="utf-8"), name)
        if (BUNDLED_WEIGHTS / PICTURE).exists():
            shutil.copyfile(BUNDLED_WEIGHTS / PICTURE, folder / PICTURE)
    else:
        card = model_card(folder, name)
    with whole_file(path) as partial:
        partial.write_text(card, encoding="utf-8")
    return True


def model_card(folder: str | Path, name: str | None = None, *, results: list[CardTable] | None = None) -> str:
    """The card of a saved pipeline, of its configs and weights, `training.json` and the picture.

    name: as it is loaded; None for the weights that come with the package. results: of `read_results`.
    """
    folder, results = Path(folder), results or []
    facts = read_training(folder)
    index = read_json(folder / "model_index.json", max_bytes=MAX_CONFIG_BYTES)
    config = read_json(folder / "transformer" / "config.json", max_bytes=MAX_CONFIG_BYTES)
    title = facts.title if facts else Path(name or folder.name).name
    return CARD.format(
        front_matter=_front_matter(title, facts, results),
        title=title,
        size=_sizes(folder),
        picture=f"![A video, its keypoints and two motions imagined from them]({PICTURE})\n\n"
        if (folder / PICTURE).exists()
        else "",
        name="" if name is None else f'"{name}"',
        frames=config["max_frames"],
        fps=index["fps"],
        overlap=index["overlap"],
        training=facts.markdown() if facts else UNKNOWN,
        figures=_figures(facts, results, fingerprint(folder)),
        limits=facts.limits if facts else "",
        licence=_licence(facts),
        generated=GENERATED,
    )


def named(card: str, name: str) -> str:
    """The card for a copy of the weights that is loaded by another name, or by a name at all."""
    before = re.search(r'ViMoPipeline\.from_pretrained\(("[^"]+")\)', card)
    if before:
        return card.replace(before[1], f'"{name}"')
    return re.sub(r"\.from_pretrained\(\).*", f'.from_pretrained("{name}")', card)


def with_remote_code(card: str, name: str) -> str:
    """The card of a repository that has shims on a branch of their own."""
    if REMOTE_CODE in card:
        return card
    before, heading, after = card.partition("\n## Training")
    return before + REMOTE.format(name=name, revision=REMOTE_CODE) + heading + after


def weights_in_words(folder: Path) -> str:
    """How many numbers of what kind the safetensors of a component hold, read off their headers."""
    files = weight_files(folder)
    count, kinds = 0, set()
    for file in files:
        with safe_open(file, framework="pt") as tensors:
            for key in tensors.keys():  # noqa: SIM118  it is no dictionary
                part = tensors.get_slice(key)
                count += prod(part.get_shape())
                kinds.add(PRECISIONS.get(part.get_dtype(), part.get_dtype()))
    size = sum(file.stat().st_size for file in files)
    return f"{_millions(count)} parameters in {' and '.join(sorted(kinds))}, {size / 1e6:.1f} MB"


def _sizes(folder: Path) -> str:
    size = weights_in_words(folder / "transformer")
    if not (folder / "interpolator").is_dir():
        return size
    beside = weights_in_words(folder / "interpolator")
    return f"{size}; completion leans on a delta-interpolator of {beside}"


def _front_matter(title: str, facts: TrainingFacts | None, results: list[CardTable]) -> str:
    more: dict[str, Any] = {"model_name": title, "eval_results": eval_results(results)} if results else {}
    licence = facts.licence or None if facts else None
    return ModelCardData(
        library_name="diffusers", pipeline_tag=TASK, license=licence, tags=TAGS, **more
    ).to_yaml()


def _figures(facts: TrainingFacts | None, results: list[CardTable], weights: str) -> str:
    if not results:
        return UNKNOWN
    tables = "\n".join(table.markdown() for table in results)
    note = f"{facts.measured_on} " if facts else ""
    note += "Mean and 95 % bootstrap interval; less is better, but for contact F1."
    return f"{note} {whose_figures(results, weights)}\n\n{tables}"


def _licence(facts: TrainingFacts | None) -> str:
    if facts is None or not facts.licence:
        return UNKNOWN.rstrip()
    data = " ".join(f"{row['name']}: {row['licence']}." for row in facts.data)
    return f"Weights: {facts.licence}. What they were trained on: {data}"


def _millions(count: int) -> str:
    return f"{count / 1e6:.1f} million" if count >= 1e5 else f"{count:,}"


def _holds_bundled_weights(pipe: DiffusionPipeline) -> bool:
    """Compared number by number: a pipeline that was trained further still remembers where it came from."""
    ours = ViMoTransformer.from_pretrained(BUNDLED_WEIGHTS, subfolder="transformer").state_dict()
    theirs = pipe.transformer.state_dict()
    same_shapes = {key: ours[key].shape for key in ours} == {key: theirs[key].shape for key in theirs}
    return same_shapes and all(torch.equal(ours[key], theirs[key].cpu().to(ours[key].dtype)) for key in ours)

"""The model card (README.md) that goes with a saved pipeline."""

from pathlib import Path

import torch
from diffusers import DiffusionPipeline
from huggingface_hub import ModelCardData

from ..models import ViMoTransformer
from ..whole_file import whole_file
from .hub import BUNDLED_WEIGHTS

TASK = "image-to-3d"  # the nearest in the Hub's fixed list of tasks, which has no video-to-3d
TAGS = ["motion-capture", "video-to-motion", "smpl", "human-motion", "diffusion"]

CARD = """\
---
{front_matter}
---

# {title}

A ViMo pipeline ([arXiv 2408.06614](https://arxiv.org/abs/2408.06614)): a casual video of a person in, several
plausible, editable 3D motions of the SMPL skeleton out.

```python
from vimo_pipeline import ViMoPipeline, save_motion

pipe = ViMoPipeline.from_pretrained("{name}")
motions = pipe("dance.mp4", num_hypotheses=2).motions
print(motions[0].joints().shape)  # [T, 24, 3] in metres, y up
save_motion(motions[0], "motion.bvh")
```

A window holds {frames} frames at {fps:g} fps; longer videos are cut into windows that overlap by {overlap}.
Loading it runs no code from this repository.

## Training data, results, licence

Not stated yet: whoever trained these weights knows, and writes it here.
"""


def write_model_card(pipe: DiffusionPipeline, folder: str | Path, *, name: str) -> bool:
    """Write README.md into the folder of a saved pipeline, unless there is one. True if written."""
    path = Path(folder) / "README.md"
    if path.exists():
        return False
    with whole_file(path) as partial:
        partial.write_text(model_card(pipe, name), encoding="utf-8")
    return True


def model_card(pipe: DiffusionPipeline, name: str) -> str:
    """The bundled weights have a card of their own; of others we only know how to load them."""
    bundled = BUNDLED_WEIGHTS / "README.md"
    if bundled.exists() and _holds_bundled_weights(pipe):
        return bundled.read_text(encoding="utf-8")
    return CARD.format(
        front_matter=ModelCardData(library_name="diffusers", pipeline_tag=TASK, tags=TAGS).to_yaml(),
        title=Path(name).name,
        name=name,
        frames=pipe.transformer.config.max_frames,
        fps=pipe.config.fps,
        overlap=pipe.config.overlap,
    )


def _holds_bundled_weights(pipe: DiffusionPipeline) -> bool:
    """Compared number by number: a pipeline that was trained further still remembers where it came from."""
    ours = ViMoTransformer.from_pretrained(BUNDLED_WEIGHTS, subfolder="transformer").state_dict()
    theirs = pipe.transformer.state_dict()
    same_shapes = {key: ours[key].shape for key in ours} == {key: theirs[key].shape for key in theirs}
    return same_shapes and all(torch.equal(ours[key], theirs[key].cpu().to(ours[key].dtype)) for key in ours)

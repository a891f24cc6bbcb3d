"""Two seconds of a swinging body as training data, and a run over it that takes a moment."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.training import TrainConfig

TINY = {
    "packs": ("cmu",), "model": "small", "steps": 4, "decay": 1, "frames": (12,), "frames_a_step": 48,
    "warmup": 1, "checkpoint_every": 2, "validate_every": 4, "sample_every": 0, "optimizer": "adamw",
    "mixed_precision": "no", "augment": ("mirror",),
}  # fmt: skip


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A pack with a clip to train on and a clip to validate with."""
    folder = tmp_path_factory.mktemp("training")
    time = np.arange(60) / 30
    swing = np.random.default_rng(0).normal(0, 0.2, (1, 24, 3))
    poses = np.sin(4 * time)[:, None, None] * swing
    root = np.stack([0 * time, 0.95 + 0 * time, 0.5 * time], -1).astype(np.float32)
    np.savez(folder / "pack_cmu.npz", poses_q=np.round(poses * 1e4).astype(np.int16), trans=root)
    common = {"pack": "cmu", "category": "swing", "licence": "CC0", "scene_objects": False, "frames": 30}
    offsets = {"train": 0, "val": 30}
    clips = [{"name": split, "split": split, "offset": at, **common} for split, at in offsets.items()]
    (folder / "index.json").write_text(json.dumps({"clips": clips}))
    return folder


@pytest.fixture(scope="session")
def tiny_config(folder) -> Callable[..., TrainConfig]:
    """A config for that data: the name of its output folder, and what differs from TINY."""

    def config(output: str, **options) -> TrainConfig:
        return TrainConfig(data=str(folder), output=folder / output, **(TINY | options))

    return config

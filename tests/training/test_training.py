"""A tiny real run: it learns, checkpoints, resumes with the same numbers and gives a pipeline that loads."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from vimo_pipeline.training import TrainConfig, train
from vimo_pipeline.training.checkpoint import latest_checkpoint


def write_pack(folder: Path) -> None:
    """Two clips of a swinging body, in the form of the motion packs."""
    time = np.arange(60) / 30
    swing = np.random.default_rng(0).normal(0, 0.2, (1, 24, 3))
    poses = np.sin(4 * time)[:, None, None] * swing
    root = np.stack([0 * time, 0.95 + 0 * time, 0.5 * time], -1).astype(np.float32)
    np.savez(folder / "pack_cmu.npz", poses_q=np.round(poses * 1e4).astype(np.int16), trans=root)
    common = {"pack": "cmu", "category": "swing", "licence": "CC0", "scene_objects": False, "frames": 30}
    offsets = {"train": 0, "val": 30}
    clips = [{"name": split, "split": split, "offset": at, **common} for split, at in offsets.items()]
    (folder / "index.json").write_text(json.dumps({"clips": clips}))


def tiny_config(folder: Path, output: str, **options) -> TrainConfig:
    defaults = {
        "packs": ("cmu",), "steps": 4, "decay": 1, "frames": (12,), "frames_a_step": 48, "warmup": 1,
        "checkpoint_every": 2, "validate_every": 4, "sample_every": 0, "mixed_precision": "no",
    }  # fmt: skip
    return TrainConfig(data=str(folder), output=folder / output, **(defaults | options))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    write_pack(folder)
    return folder


@pytest.fixture(scope="module")
def finished(folder) -> Path:
    return train(tiny_config(folder, "whole"))


def test_a_run_leaves_components_and_its_config(finished):
    assert {path.name for path in finished.iterdir()} == {"transformer", "scheduler", "normaliser"}
    config = json.loads((finished.parent / "config.json").read_text())
    assert config["steps"] == 4 and config["ptss"] == 0.2
    checkpoints = {path.name for path in finished.parent.glob("checkpoint-*")}
    assert checkpoints == {"checkpoint-2", "checkpoint-4"}


def test_a_resumed_run_ends_with_the_same_numbers(folder, finished):
    shutil.copytree(finished.parent / "checkpoint-2", folder / "parts" / "checkpoint-2")
    whole, parts = weights(finished), weights(train(tiny_config(folder, "parts")))
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, msg=name)


def test_a_half_written_checkpoint_is_not_resumed_from(tmp_path):
    (tmp_path / "checkpoint-10").mkdir()
    (tmp_path / "checkpoint-10" / "progress.pt").touch()
    (tmp_path / "checkpoint-20").mkdir()
    assert latest_checkpoint(tmp_path).name == "checkpoint-10"
    assert latest_checkpoint(tmp_path / "nothing") is None


def test_training_lowers_the_loss(folder):
    from accelerate import Accelerator

    from vimo_pipeline.training.loop import Run

    run = Run(tiny_config(folder, "loss", steps=100, condition_dropout=0.0), Accelerator(cpu=True))
    batch = run._draw()
    losses = [float(run._optimise([batch])["total"]) for _ in range(30)]
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:3])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"snr_weighting": "best"}, "snr_weighting"),
        ({"frames": (1,)}, "at least 2 frames"),
        ({"steps": 10, "decay": 11}, "decay"),
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"condition_dropout": 25.0}, "condition_dropout must be between 0 and 1"),
    ],
)
def test_a_config_that_cannot_work_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(data=str(tmp_path), **options)

"""Checkpoints that came to harm, or from a stranger: training goes on from whole ones, and runs no code."""

import json
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from vimo_pipeline.training import TrainConfig
from vimo_pipeline.training.loop import Run

from ..training.conftest import TINY
from . import healthy
from .test_damage import damaged
from .watch import TIMES, TRAP, survives

INPUTS = 60


class Payload:
    def __reduce__(self):
        return open, (TRAP, "w")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A run that has a checkpoint, as if it went on."""
    AcceleratorState._reset_state(reset_partial_state=True)
    folder = tmp_path_factory.mktemp("run")
    healthy.pack(folder / "data")
    index = folder / "data" / "index.json"
    entries = json.loads(index.read_text())
    entries["clips"][1]["split"] = "val"
    index.write_text(json.dumps(entries))
    options = TINY | {"packs": ("a",), "frames": (6,), "augment": (), "tracker": "none"}
    run = Run(TrainConfig(data=str(folder / "data"), output=folder / "out", **options), Accelerator(cpu=True))
    run._checkpoint()
    return run


@pytest.fixture(scope="module")
def friend(run) -> Path:
    """Its checkpoint."""
    return run.config.output / "checkpoint-0"


@pytest.fixture
def checkpoint(friend, tmp_path) -> Path:
    """A copy of it."""
    return shutil.copytree(friend, tmp_path / "out" / friend.name)


@pytest.fixture
def resume(run) -> Callable[[Path], None]:
    """Go on from a checkpoint."""

    def resume(checkpoint: Path) -> None:
        run.config = replace(run.config, output=checkpoint.parent)
        run.resume()

    return resume


def test_a_damaged_checkpoint_is_named(checkpoint, resume):
    files = sorted(file for file in checkpoint.rglob("*") if file.is_file())
    refused = 0
    for number in range(INPUTS * TIMES):
        file = files[number % len(files)]
        whole = file.read_bytes()
        file.write_bytes(damaged(whole, Random(f"checkpoint {number}")))
        refused += bool(survives(resume, checkpoint))
        file.write_bytes(whole)
    assert refused > INPUTS / 10
    resume(checkpoint)


def test_a_file_that_is_missing_is_named(checkpoint, resume):
    for file in [file for file in checkpoint.glob("*") if file.is_file() and file.name != "progress.pt"]:
        whole = file.read_bytes()
        file.unlink()
        survives(resume, checkpoint)
        file.write_bytes(whole)


def test_no_pickle_of_a_checkpoint_runs(checkpoint, resume):
    files = [file for file in checkpoint.glob("*") if file.suffix in (".bin", ".pkl", ".pt")]
    assert len(files) >= 5
    for file in files:
        whole = file.read_bytes()
        for write in (lambda path: torch.save({"a": Payload(), "step": 1}, path), _plain):
            write(file)
            # accelerate itself goes on without states of random numbers that it cannot read
            assert survives(resume, checkpoint) or file.name.startswith("random_states")
        file.write_bytes(whole)


def _plain(path: Path) -> None:
    path.write_bytes(pickle.dumps(Payload()))


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
def test_pieces_and_links_lead_to_no_other_file(checkpoint, resume, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (checkpoint / "precious").symlink_to(precious)
    (checkpoint / "precious.piece-000").write_text("theirs")
    (checkpoint / "up").symlink_to(tmp_path / "nowhere")
    survives(resume, checkpoint)
    assert precious.read_text() == "mine"


def test_other_names_are_no_checkpoints(checkpoint, resume):
    for name in ("checkpoint-", "checkpoint-x", "checkpoint--5", "checkpoint-" + "9" * 200, "checkpoint-1e9"):
        shutil.copytree(checkpoint, checkpoint.with_name(name))
    resume(checkpoint)

"""Checkpoints named by their step. accelerate's own counter restarts after a resume and loads stale ones."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from .loop import Run


def latest_checkpoint(output: Path) -> Path | None:
    """The finished checkpoint with the highest step; half-written ones carry another name."""
    found = [path for path in output.glob("checkpoint-*") if (path / "progress.pt").is_file()]
    return max(found, key=_step, default=None)


def save_checkpoint(run: "Run") -> None:
    """Model, EMA, optimiser, schedule and random state; older checkpoints beyond the last few are deleted."""
    config = run.config
    unfinished = config.output / "unfinished"
    run.accelerator.save_state(unfinished)
    if not run.accelerator.is_main_process:
        return
    torch.save({"step": run.step, "generator": run.generator.get_state()}, unfinished / "progress.pt")
    run.save_components(unfinished / "components")
    finished = config.output / f"checkpoint-{run.step}"
    shutil.rmtree(finished, ignore_errors=True)
    unfinished.rename(finished)
    for old in sorted(config.output.glob("checkpoint-*"), key=_step)[: -config.keep_checkpoints]:
        shutil.rmtree(old)


def _step(path: Path) -> int:
    return int(path.name.rpartition("-")[2])

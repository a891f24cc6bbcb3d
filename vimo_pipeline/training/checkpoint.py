"""Checkpoints named by their step. accelerate's own counter restarts after a resume and loads stale ones."""

import shutil
from pathlib import Path

PROGRESS = "progress.pt"  # written last: a folder without it was given up half-way


def latest_checkpoint(output: Path) -> Path | None:
    """The finished checkpoint with the highest step."""
    found = [path for path in output.glob("checkpoint-*") if (path / PROGRESS).is_file()]
    return max(found, key=_step, default=None)


def finish_checkpoint(unfinished: Path, step: int, *, keep: int) -> None:
    """Give a complete checkpoint its name and delete all but the newest `keep`."""
    finished = unfinished.with_name(f"checkpoint-{step}")
    shutil.rmtree(finished, ignore_errors=True)
    unfinished.rename(finished)
    for old in sorted(unfinished.parent.glob("checkpoint-*"), key=_step)[:-keep]:
        shutil.rmtree(old)


def _step(path: Path) -> int:
    return int(path.name.rpartition("-")[2])

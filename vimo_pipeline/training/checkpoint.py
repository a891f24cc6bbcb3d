"""Checkpoints named by their step. accelerate's own counter restarts after a resume and loads stale ones.

Large files are kept in pieces, so that a checkpoint can travel where only small files may.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from tempfile import TemporaryDirectory

import torch
from safetensors import SafetensorError

PIECE = 15 * 2**20  # bytes
# What torch, safetensors and accelerate raise over mangled files. They have no common class.
MANGLED = (
    ValueError, OSError, LookupError, TypeError, AttributeError, RuntimeError, EOFError, ArithmeticError,
    UnpicklingError, SafetensorError,
)  # fmt: skip
PROGRESS = "progress.pt"  # written last: a folder without it was given up half-way


def latest_checkpoint(output: Path) -> Path | None:
    """The finished checkpoint with the highest step."""
    return max((path for path in _named(output) if (path / PROGRESS).is_file()), key=_step, default=None)


def finish_checkpoint(unfinished: Path, step: int, *, keep: int) -> None:
    """Give a complete checkpoint its name and delete all but the newest `keep`."""
    finished = unfinished.with_name(f"checkpoint-{step}")
    _remove(finished)
    unfinished.rename(finished)
    for old in sorted(_named(unfinished.parent), key=_step)[:-keep]:
        _remove(old)


def refuse_code(folder: Path) -> None:
    """accelerate unpickles what it was asked to keep without a guard. So torch's guarded reader goes first:
    a file that it accepts runs no code."""
    for file in folder.glob("custom_checkpoint_*.pkl"):
        torch.load(file, map_location="cpu", weights_only=True)


def split(folder: Path) -> None:
    """Cut every file of a checkpoint that is larger than a piece into NAME.piece-000, NAME.piece-001, ..."""
    for path in [path for path in folder.iterdir() if path.is_file() and path.stat().st_size > PIECE]:
        with path.open("rb") as whole:
            for number, piece in enumerate(iter(lambda whole=whole: whole.read(PIECE), b"")):
                path.with_name(f"{path.name}.piece-{number:03d}").write_bytes(piece)
        path.unlink()


@contextmanager
def joined(folder: Path) -> Iterator[Path]:
    """The checkpoint with its files whole: itself, or a temporary copy where pieces have to be joined."""
    pieces = sorted(folder.glob("*.piece-*"))
    if not pieces:
        yield folder
        return
    with TemporaryDirectory() as copy:
        whole = shutil.copytree(folder, Path(copy) / folder.name, ignore=shutil.ignore_patterns("*.piece-*"))
        for piece in pieces:
            with (whole / piece.name.rpartition(".piece-")[0]).open("ab") as file:
                file.write(piece.read_bytes())
        yield whole


def _remove(checkpoint: Path) -> None:
    """Delete a checkpoint; stopped half-way, the rest is none any more."""
    (checkpoint / PROGRESS).unlink(missing_ok=True)
    shutil.rmtree(checkpoint, ignore_errors=True)


def _named(output: Path) -> list[Path]:
    return [path for path in output.glob("checkpoint-*") if re.fullmatch(r"checkpoint-\d{1,15}", path.name)]


def _step(path: Path) -> int:
    return int(path.name.rpartition("-")[2])

"""Recordings of any source become a Hugging Face dataset on disk: a `DatasetDict` by split."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from zlib import crc32

from ..whole_file import whole_folder
from .clips import Recording
from .prepared import PIECE, cut_clip, datasets_library, piece_features


@dataclass(frozen=True)
class Preparation:
    """What became of the recordings."""

    pieces: dict[str, int] = field(default_factory=dict)  # split -> rows written
    skipped: dict[str, str] = field(default_factory=dict)  # recording -> why it could not be used


def prepare(
    recordings: Sequence[Recording],
    out: str | Path,
    *,
    source: str,
    views: int = 0,
    stride: int = PIECE,
    shortest: int = 30,
    val_share: float = 0.05,
    progress: Callable[[], None] = lambda: None,
) -> Preparation:
    """Read all recordings, cut them into pieces of 150 frames and write them to the new folder `out`.

    views: cameras of the source; stride: frames from piece to piece, below 150 they overlap; shortest: real
    frames that a piece must have; val_share: of the training groups, for sources that name no validation.
    What cannot be read is left out and reported; `progress` is called after each recording.
    """
    if not 0 < stride <= PIECE or not 0 < shortest <= PIECE or not 0 <= val_share < 1:
        raise ValueError(f"{stride=} and {shortest=} must be 1 to {PIECE} frames, {val_share=} 0 to below 1")
    out = Path(out)
    if out.exists():
        raise ValueError(f"{out} exists already; delete it or choose another folder")
    done = Preparation()

    def rows(split: str) -> Iterator[dict]:
        for recording in by_split[split]:
            pieces = _pieces(recording, done.skipped, stride=stride, shortest=shortest, views=views)
            yield from ({**piece, "source": source, "split": split} for piece in pieces)
            progress()

    by_split = split_recordings(recordings, val_share=val_share)
    with whole_folder(out) as partial:
        _write({split: rows(split) for split in by_split}, partial, views=views, done=done)
    return done


def split_recordings(recordings: Sequence[Recording], *, val_share: float) -> dict[str, list[Recording]]:
    """Recordings by split. Where none is for validation, a share of the training groups becomes it: always
    the same ones, and at least one if there are two."""
    if not any(recording.split == "val" for recording in recordings):
        groups = {recording.group for recording in recordings if recording.split in (None, "train")}
        by_chance = sorted(groups, key=lambda group: (crc32(group.encode()), group))
        count = max(1, round(val_share * len(groups))) if val_share and len(groups) > 1 else 0
        held = set(by_chance[:count])
        recordings = [
            replace(recording, split="val")
            if recording.group in held and recording.split != "test"
            else recording
            for recording in recordings
        ]
    found = {"train": [], "val": [], "test": []}
    for recording in recordings:
        found[recording.split or "train"].append(recording)
    return {split: listed for split, listed in found.items() if listed}


def push_to_hub(folder: str | Path, repository: str) -> None:
    """Upload a prepared dataset; you must be logged in (`hf auth login`)."""
    datasets_library().load_from_disk(str(folder)).push_to_hub(repository)


def _pieces(recording: Recording, skipped: dict[str, str], **cutting: int) -> Iterator[dict]:
    """The rows of a recording; none, and the reason, where it cannot be used."""
    try:
        clip = recording.read()
    except (ValueError, OSError) as error:
        skipped[recording.name] = str(error)
        return
    pieces = list(cut_clip(clip, **cutting))
    if not pieces:
        skipped[recording.name] = f"it has {len(clip.motion)} frames at 30 fps"
    yield from pieces


def _write(rows: dict[str, Iterator[dict]], folder: Path, *, views: int, done: Preparation) -> None:
    """Write the splits that have a row, row by row: AMASS as a whole would fill the memory."""
    datasets = datasets_library()
    written = datasets.DatasetDict()
    for split, pieces in rows.items():
        first = next(pieces, None)
        if first is not None:
            pieces = chain([first], pieces)
            written[split] = datasets.Dataset.from_generator(
                lambda pieces=pieces: pieces, features=piece_features(views=views), split=split,
                cache_dir=str(folder / "cache"), fingerprint=f"{os.getpid()}-{split}",
            )  # fmt: skip
            done.pieces[split] = len(written[split])
    if not written:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in list(done.skipped.items())[:3])
        raise ValueError(f"none of {len(done.skipped)} recordings could be used; {reasons}")
    written.save_to_disk(str(folder))
    del written
    gc.collect()  # it maps the files in the cache, and Windows removes no file that is mapped
    shutil.rmtree(folder / "cache")

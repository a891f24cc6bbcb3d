"""Recordings of any source become a Hugging Face dataset on disk: a `DatasetDict` by split."""

import gc
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zlib import crc32

from ..whole_file import whole_folder
from .clips import Recording
from .parts import RECORDINGS, Part, build_parts, read_part
from .prepared import PIECE, datasets_library


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
    workers: int = 1,
    progress: Callable[[], None] = lambda: None,
) -> Preparation:
    """Read all recordings, cut them into pieces of 150 frames and write them to the new folder `out`.

    views: cameras of the source; stride: frames from piece to piece, below 150 they overlap; shortest: real
    frames that a piece must have; val_share: of the training groups, for sources that name no validation.
    What cannot be read is left out and reported; `progress` is called after each recording. workers:
    processes that read at once. What a build that was killed had finished lies hidden beside `out`, and the
    next one goes on from there, as far as the files of the recordings are the same.
    """
    if workers < 1:
        raise ValueError(f"{workers=} must be 1 or more processes")
    if not 0 < stride <= PIECE or not 0 < shortest <= PIECE or not 0 <= val_share < 1:
        raise ValueError(f"{stride=} and {shortest=} must be 1 to {PIECE} frames, {val_share=} 0 to below 1")
    out = Path(out)
    kept = out.parent / f".{out.name}.parts"
    if out.exists():
        shutil.rmtree(kept, ignore_errors=True)  # of a build that was killed when all was done
        raise ValueError(f"{out} exists already; delete it or choose another folder")
    if not out.parent.is_dir():
        raise FileNotFoundError(f"cannot write {out}: there is no folder {out.parent}; create it first")
    cutting = {"stride": stride, "shortest": shortest, "views": views}
    parts = {
        part.name(): part
        for split, listed in split_recordings(recordings, val_share=val_share).items()
        for part in _parts(listed, split, source, cutting)
    }
    kept.mkdir(exist_ok=True)
    try:
        build_parts(parts, kept.resolve(), workers=workers, progress=progress)
        return _join(parts, kept, out)
    except Exception:
        if not any(kept.glob("*/rows")):  # else the next build can go on from it
            shutil.rmtree(kept, ignore_errors=True)
        raise


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


def _parts(listed: list[Recording], split: str, source: str, cutting: dict[str, int]) -> list[Part]:
    starts = range(0, len(listed), RECORDINGS)
    return [Part(listed[start : start + RECORDINGS], split, source, cutting) for start in starts]


def _join(parts: dict[str, Part], kept: Path, out: Path) -> Preparation:
    """The parts in their order become the dataset; they are gone when it is there."""
    datasets, done = datasets_library(), Preparation()
    rows: dict[str, list] = {}
    for name, part in parts.items():
        built, skipped = read_part(kept / name)
        done.skipped.update(skipped)
        if built is not None:
            rows.setdefault(part.split, []).append(built)
            done.pieces[part.split] = done.pieces.get(part.split, 0) + len(built)
    if not rows:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in list(done.skipped.items())[:3])
        raise ValueError(f"none of {len(done.skipped)} recordings could be used; {reasons}")
    written = datasets.DatasetDict(
        {split: datasets.concatenate_datasets(built) for split, built in rows.items()}
    )
    with whole_folder(kept / "whole") as partial:
        written.save_to_disk(str(partial))
    (kept / "whole").rename(out)
    del written, rows, built
    gc.collect()  # they map their files, and Windows removes no file that is mapped
    shutil.rmtree(kept)
    return done

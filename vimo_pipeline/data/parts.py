"""A dataset is built in parts of a few recordings each: a build that was killed goes on after the parts that
are there, and several processes can build at once."""

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

from ..whole_file import whole_folder
from .clips import Recording
from .prepared import cut_clip, datasets_library, piece_features

RECORDINGS = 32  # of a part: as many are read again after a kill, at most, by each process


@dataclass(frozen=True)
class Part:
    """Recordings of one split, and how they are cut."""

    recordings: Sequence[Recording]
    split: str
    source: str
    cutting: dict[str, int]  # stride, shortest and views of `cut_clip`

    def name(self) -> str:
        """The same for what becomes the same rows; a name of its own where a recording cannot tell."""
        told = [self.split, self.source, sorted(self.cutting.items())]
        told += [(each.name, each.stamp or uuid4().hex) for each in self.recordings]
        return sha256(repr(told).encode(errors="surrogatepass")).hexdigest()[:32]


def build_parts(parts: dict[str, Part], folder: Path, *, workers: int, progress: Callable[[], None]) -> None:
    """Write every part into the folder under its name, unless it is there. `progress` hears of recordings."""
    missing = {name: part for name, part in parts.items() if not (folder / name).is_dir()}
    for name in parts.keys() - missing.keys():
        _tell(parts[name], progress)
    if workers == 1:
        for name, part in missing.items():
            build_part(part, folder / name, progress)
    elif missing:
        joblib = joblib_library()
        run = joblib.Parallel(n_jobs=workers, return_as="generator_unordered", pre_dispatch=workers)
        for name in run(joblib.delayed(_build_named)(*each, folder) for each in missing.items()):
            _tell(parts[name], progress)


def build_part(part: Part, folder: Path, progress: Callable[[], None] = lambda: None) -> None:
    """Write `rows`, a dataset, if the part has any, and why recordings were left out, `skipped.json`."""
    datasets, skipped = datasets_library(), {}
    rows = _rows(part, skipped, progress)
    first = next(rows, None)
    with whole_folder(folder) as partial:
        if first is not None:
            built = datasets.Dataset.from_generator(
                lambda: chain([first], rows), features=piece_features(views=part.cutting["views"]),
                split=part.split, cache_dir=str(partial / "cache"),
                fingerprint=f"{os.getpid()}-{folder.name}",
            )  # fmt: skip
            built.save_to_disk(str(partial / "rows"))
            del built
            gc.collect()  # it maps the files in the cache, and Windows removes no file that is mapped
            shutil.rmtree(partial / "cache")
        (partial / "skipped.json").write_text(json.dumps(skipped), encoding="utf-8")


def read_part(folder: Path) -> tuple[Any, dict[str, str]]:
    """The `datasets.Dataset` of a part, None where it has no row; recording -> why it was left out."""
    skipped = json.loads((folder / "skipped.json").read_text(encoding="utf-8"))
    rows = folder / "rows"
    return (datasets_library().load_from_disk(str(rows)) if rows.is_dir() else None), skipped


def joblib_library() -> ModuleType:
    """joblib, or how to install it."""
    try:
        import joblib
    except ImportError as missing:
        raise ImportError("several workers need joblib: pip install 'vimo-pipeline[scale]'") from missing
    return joblib


def _build_named(name: str, part: Part, folder: Path) -> str:
    datasets_library().disable_progress_bars()
    build_part(part, folder / name)
    return name


def _rows(part: Part, skipped: dict[str, str], progress: Callable[[], None]) -> Iterator[dict]:
    for recording in part.recordings:
        for piece in _pieces(recording, skipped, part.cutting):
            yield {**piece, "source": part.source, "split": part.split}
        progress()


def _pieces(recording: Recording, skipped: dict[str, str], cutting: dict[str, int]) -> Iterator[dict]:
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


def _tell(part: Part, progress: Callable[[], None]) -> None:
    for _ in part.recordings:
        progress()

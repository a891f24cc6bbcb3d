"""One door to training data: a folder of motion packs, a prepared `datasets` folder, or an id on the Hub."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..whole_file import shortened
from .clips import Clip
from .packs import load_pack
from .prepared import CLIP_COLUMNS, VIEW_COLUMNS, datasets_library, join_pieces, wrong_columns

ACCEPTED = (
    "a folder that `vimo prepare` wrote, the id of such a dataset on the Hub (you/name), or a folder with "
    "index.json and pack_*.npz"
)

# What `datasets` and pyarrow raise over mangled files. They have no common class.
MANGLED = (ValueError, OSError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)


def load_clips(
    data: str | Path, *, split: str, packs: tuple[str, ...] = (), with_views: bool = False
) -> list[Clip]:
    """The clips of one split.

    packs: which packs of a pack folder; other data has none. with_views: also what cameras saw, where a
    prepared dataset holds it (nine AIST++ cameras take four times the memory of the motion).
    """
    if (Path(data) / "index.json").is_file():
        if not packs:
            raise ValueError(f"{data} holds motion packs; say which of them to read")
        return [clip for pack in packs for clip in load_pack(data, pack, split=split)]
    rows = _rows_on_disk(Path(data), split) if Path(data).exists() else _rows_on_hub(str(data), split)
    missing = [name for name in CLIP_COLUMNS if name not in rows.column_names]
    if missing:
        raise ValueError(f"{data} has no {', '.join(missing)}: {ACCEPTED} is needed")
    other = wrong_columns(rows.features)
    if other:
        raise ValueError(f"{data} holds {', '.join(other)} of another type or shape: {ACCEPTED} is needed")
    views = [name for name in VIEW_COLUMNS if with_views and name in rows.column_names]
    try:
        rows.data.validate(full=True)  # Arrow itself follows wrong offsets out of its memory
        return join_pieces(_one_by_one(rows.select_columns([*CLIP_COLUMNS, *views])))
    except MANGLED as error:
        raise ValueError(f"cannot read {data}: {shortened(error)}") from error


def _one_by_one(rows) -> Iterator[dict]:
    """Rows as NumPy arrays, read many at a time."""
    for batch in rows.with_format("numpy").iter(batch_size=64):
        yield from (dict(zip(batch, row, strict=True)) for row in zip(*batch.values(), strict=True))


def _rows_on_disk(folder: Path, split: str):
    """One split of a folder that `save_to_disk` wrote."""
    if not (folder / "dataset_dict.json").is_file():
        raise ValueError(f"{folder} holds no training data that is known here; accepted is {ACCEPTED}")
    try:
        splits = datasets_library().load_from_disk(str(folder))
    except MANGLED as error:
        raise ValueError(f"{folder} is not a whole dataset: {shortened(error)}") from error
    if split not in splits:
        raise ValueError(f"{folder} has no split {split!r}, only {', '.join(splits)}")
    return splits[split]


def _rows_on_hub(data: str, split: str):
    """One split of a dataset on the Hub, downloaded once and then kept by `datasets`."""
    if not re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", data):
        raise FileNotFoundError(f"there is nothing at {data}; accepted is {ACCEPTED}")
    try:
        return datasets_library().load_dataset(data, split=split)
    except OSError as error:  # also what `datasets` and the Hub raise for what is missing or out of reach
        raise FileNotFoundError(
            f"there is no folder {data}, and no dataset of this name could be had from the Hub: {error}"
        ) from error

"""AIST++ as downloaded: motions, 2D keypoints of nine cameras, splits and the list of what to ignore."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from ...export.aistpp import read_aistpp
from ...whole_file import read_whole
from ..clips import Clip, Recording, at_training_rate, on_floor, stamp_of
from .aist_views import read_views

LICENCE = "CC BY 4.0 (AIST++ annotations, Google LLC)"
GENRES = {
    "gBR": "break", "gPO": "pop", "gLO": "lock", "gMH": "middle hip-hop", "gLH": "LA-style hip-hop",
    "gHO": "house", "gWA": "waack", "gKR": "krump", "gJS": "street jazz", "gJB": "ballet jazz",
}  # fmt: skip
TEST_GENRES = (
    "gBR",
    "gMH",
)  # ViMo, section 4.1: break and middle hip-hop are for testing, eight for training

MAX_LIST_BYTES = 1 << 20

AistSplit = Literal["genre", "pose", "crossmodal"]

# Genre, situation, cameras, dancer, music and choreography, as in gBR_sBM_cAll_d04_mBR0_ch01.
_NAME = re.compile(r"(g[A-Z]{2})_(s[A-Z]{2})_cAll_(d\d+)_(m[A-Z]{2}\d+)_(ch\d+)")


def list_aist(folder: str | Path, *, split: AistSplit = "genre") -> list[Recording]:
    """All sequences but the ignored ones, in y up, metres and 30 fps, with what the nine cameras saw.

    split: "genre" is that of ViMo; "pose" (by dancers) and "crossmodal" (by music and choreography, which
    EDGE uses) are read from `splits/`, and sequences that they do not name are left out.
    """
    folder = Path(folder)
    motions = {path.stem: path for path in sorted((folder / "motions").glob("*.pkl"))}
    if not motions:
        raise FileNotFoundError(
            f"{folder} is no AIST++: there is no motions/*.pkl; it holds motions, keypoints2d, cameras, "
            "splits and ignore_list.txt"
        )
    splits = _splits(folder, list(motions), split)
    ignored = read_list(folder / "ignore_list.txt")
    return [
        _recording(folder, name, splits[name]) for name in motions if name in splits and name not in ignored
    ]


def read_list(path: Path) -> set[str]:
    """Names of sequences, one a line, with or without a suffix."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}; it is part of the AIST++ download")
    lines = read_whole(path, max_bytes=MAX_LIST_BYTES).decode(errors="replace").splitlines()
    return {line.strip().removesuffix(".json") for line in lines if line.strip()}


def genre_split(name: str) -> str:
    """ "test" for break and middle hip-hop, else "train"."""
    return "test" if name[:3] in TEST_GENRES else "train"


def _splits(folder: Path, names: list[str], split: AistSplit) -> dict[str, str | None]:
    """The split of every sequence that has one; None is training, of which some may become validation."""
    if split not in get_args(AistSplit):
        raise ValueError(f"unknown split {split!r}; AIST++ has {', '.join(get_args(AistSplit))}")
    if split == "genre":
        return {name: "test" if genre_split(name) == "test" else None for name in names}
    lists = {part: read_list(folder / "splits" / f"{split}_{part}.txt") for part in ("train", "val", "test")}
    return {name: part for part, listed in lists.items() for name in listed}


def _recording(folder: Path, name: str, split: str | None) -> Recording:
    parts = _NAME.fullmatch(name)
    # One choreography is danced by several dancers to several pieces of music.
    group = f"{parts[1]}_{parts[2]}_{parts[5]}" if parts else name

    def read() -> Clip:
        if parts is None or parts[1] not in GENRES:
            raise ValueError(f"{name} is no name of an AIST++ sequence, such as gBR_sBM_cAll_d04_mBR0_ch01")
        motion = on_floor(at_training_rate(read_aistpp(folder / "motions" / f"{name}.pkl")))
        views = read_views(folder, name)
        frames = min([len(motion), *map(len, views)])
        views = tuple(replace(view, points=view.points[:frames]) for view in views)
        return Clip(name, motion.frames(0, frames), GENRES[parts[1]], LICENCE, views)

    seen = folder / "keypoints2d" / f"{name}.pkl"
    files = [folder / "motions" / f"{name}.pkl", *([seen] if seen.is_file() else [])]
    return Recording(name, read, group, split, "".join(map(stamp_of, files)))

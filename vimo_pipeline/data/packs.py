"""Motion clips from packs: `index.json` beside `pack_*.npz`, axis-angle quantised to 1e-4 radians, 30 fps."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..motion import Motion
from ..motion.rotations import axis_angle_to_quaternion
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import MAX_FRAMES, read_arrays, read_json, shortened
from .clips import Clip

RADIANS_A_STEP = 1e-4
FARTHEST = 1e6  # metres
MAX_INDEX_BYTES = 32 << 20
MAX_BYTES = 256 << 20  # unpacked; 15 hours
_KEYS = ("name", "pack", "split", "category", "licence", "scene_objects", "offset", "frames")


def load_pack(folder: str | Path, pack: str, *, split: str, with_objects: bool = False) -> list[Clip]:
    """The clips of one pack and split; climbing on objects that are not there only `with_objects`."""
    folder = Path(folder)
    index, packed = folder / "index.json", folder / f"pack_{pack}.npz"
    for file in (index, packed):
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing; a motion pack is index.json beside pack_NAME.npz")
    entries = [entry for entry in _entries(index) if _wanted(entry, pack, split)]
    if not with_objects:
        entries = [entry for entry in entries if not entry["scene_objects"]]
    if not entries:
        raise ValueError(f"pack {pack!r} in {folder} has no clip in split {split!r}")
    poses, root = _arrays(packed)
    _check_shares(entries, len(poses), index)
    try:
        return [_clip(entry, poses, root) for entry in entries]
    except (TypeError, ValueError) as error:
        raise ValueError(f"cannot read {packed} as {index} says: {shortened(error)}") from error


def _wanted(entry: dict, pack: str, split: str) -> bool:
    return entry["pack"] == pack and entry["split"] == split


def _entries(index: Path) -> list[dict[str, Any]]:
    """What the index lists, each with all that is asked of it below."""
    content = read_json(index, max_bytes=MAX_INDEX_BYTES)
    entries = content.get("clips") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f'{index} is no index of motion packs: an object with a list "clips" is expected')
    lacking = sorted({key for entry in entries for key in _KEYS if key not in entry})
    if lacking:
        raise ValueError(f"{index} lists clips without {', '.join(lacking)}")
    return entries


def _arrays(packed: Path) -> tuple[np.ndarray, np.ndarray]:
    """Poses [T, 24, 3] in steps of RADIANS_A_STEP and the path [T, 3]."""
    arrays = read_arrays(packed, ("poses_q", "trans"), max_bytes=MAX_BYTES)
    poses, root = arrays.get("poses_q", np.empty(0)), arrays.get("trans", np.empty(0))
    numbers = all(array.dtype.kind in "fiu" for array in (poses, root))
    if (
        not numbers
        or not (np.abs(root) < FARTHEST).all()
        or poses.shape[1:] != (NUM_JOINTS, 3)
        or root.shape != (len(poses), 3)
    ):
        raise ValueError(f"{packed} must hold poses_q [T, {NUM_JOINTS}, 3] and trans [T, 3], metres")
    return poses, root


def _check_shares(entries: list[dict[str, Any]], frames: int, index: Path) -> None:
    """Every clip has frames of its own; else a short index could ask for the same ones without end."""
    try:
        inside = all(0 <= entry["offset"] < entry["offset"] + entry["frames"] <= frames for entry in entries)
        together = sum(entry["frames"] for entry in entries)
        longest = max(entry["frames"] for entry in entries)
    except TypeError as error:
        raise ValueError(f"{index} counts frames in something else than numbers") from error
    if not inside or together > frames or longest > MAX_FRAMES:
        raise ValueError(
            f"{index} lists clips of {together} frames that are not among the {frames} there are"
        )


def _clip(entry: dict, poses: np.ndarray, root: np.ndarray) -> Clip:
    rows = slice(entry["offset"], entry["offset"] + entry["frames"])
    axis_angles, path = (torch.from_numpy(array[rows].astype(np.float32)) for array in (poses, root))
    motion = Motion.from_rotations(axis_angle_to_quaternion(axis_angles * RADIANS_A_STEP), path)
    return Clip(entry["name"], motion, entry["category"], entry["licence"])

"""Motion clips from packs: `index.json` beside `pack_*.npz`, axis-angle quantised to 1e-4 radians, 30 fps."""

import json
from pathlib import Path

import numpy as np
import torch

from ..motion import Motion
from ..motion.rotations import axis_angle_to_quaternion
from .clips import Clip

RADIANS_A_STEP = 1e-4


def load_pack(folder: str | Path, pack: str, *, split: str, with_objects: bool = False) -> list[Clip]:
    """The clips of one pack and split; climbing on objects that are not there only `with_objects`."""
    folder = Path(folder)
    index, packed = folder / "index.json", folder / f"pack_{pack}.npz"
    for file in (index, packed):
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing; a motion pack is index.json beside pack_NAME.npz")
    entries = [entry for entry in json.loads(index.read_text())["clips"] if _wanted(entry, pack, split)]
    if not with_objects:
        entries = [entry for entry in entries if not entry["scene_objects"]]
    if not entries:
        raise ValueError(f"pack {pack!r} in {folder} has no clip in split {split!r}")
    with np.load(packed, allow_pickle=False) as arrays:
        poses, root = arrays["poses_q"], arrays["trans"]
    return [_clip(entry, poses, root) for entry in entries]


def _wanted(entry: dict, pack: str, split: str) -> bool:
    return entry["pack"] == pack and entry["split"] == split


def _clip(entry: dict, poses: np.ndarray, root: np.ndarray) -> Clip:
    rows = slice(entry["offset"], entry["offset"] + entry["frames"])
    axis_angles = torch.from_numpy(poses[rows].astype(np.float32)) * RADIANS_A_STEP
    motion = Motion.from_rotations(axis_angle_to_quaternion(axis_angles), torch.from_numpy(root[rows]))
    return Clip(entry["name"], motion, entry["category"], entry["licence"])

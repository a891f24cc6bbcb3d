"""Folders of BVH files: CMU and MotionBuilder names, or any T-posed rig with a map of names."""

from pathlib import Path

from ...export.retarget import retarget_bvh
from ...whole_file import read_json
from ..clips import Clip, Recording, at_training_rate, on_floor
from .folders import list_recordings


def list_bvh(
    folder: str | Path, *, names: str | Path | None = None, licence: str = "unknown"
) -> list[Recording]:
    """Every BVH below a folder, retargeted to SMPL. names: a JSON file {SMPL joint: joint of the rig}."""
    mapped = None if names is None else read_names(names)

    def read(file: Path, name: str) -> Clip:
        motion = on_floor(at_training_rate(retarget_bvh(file, names=mapped)))
        return Clip(name, motion, "bvh", licence)

    return list_recordings(Path(folder), (".bvh",), read, mapped, licence)


def read_names(path: str | Path) -> dict[str, str]:
    """A map of joint names from a JSON file."""
    names = read_json(path, max_bytes=1 << 20)
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise ValueError(f'{path} must map SMPL joints to joints of the rig, as {{"pelvis": "Hips", ...}}')
    return names

"""Motions in the formats that ViMo writes: GLB, NPZ, BVH with SMPL's names, PKL."""

from pathlib import Path

from ...export.files import load_motion
from ..clips import Clip, Recording, at_training_rate
from .folders import list_recordings

SUFFIXES = (".glb", ".npz", ".bvh", ".pkl")


def list_own(folder: str | Path, *, licence: str = "unknown") -> list[Recording]:
    """What `vimo capture` and `save_motion` wrote, with the floor where it is."""

    def read(file: Path, name: str) -> Clip:
        return Clip(name, at_training_rate(load_motion(file)), "own", licence)

    recordings = list_recordings(Path(folder), SUFFIXES, read, licence)
    return [recording for recording in recordings if not recording.name.endswith(".keypoints")]

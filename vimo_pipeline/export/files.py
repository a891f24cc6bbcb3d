"""Motions from and to files, whatever their format."""

from pathlib import Path

from ..motion import Motion
from ..whole_file import existing_file
from .aistpp import read_aistpp, write_aistpp
from .amass import read_amass, write_amass
from .bvh import read_bvh, write_bvh
from .glb import read_glb, write_glb

_WRITERS = {".bvh": write_bvh, ".glb": write_glb, ".npz": write_amass, ".pkl": write_aistpp}


def save_motion(motion: Motion, path: str | Path) -> None:
    """Write a motion in the format of the suffix: .bvh, .glb, .npz (AMASS layout) or .pkl (AIST++)."""
    check_suffix(path)
    _WRITERS[Path(path).suffix.lower()](motion, path)


def check_suffix(path: str | Path) -> None:
    """Raise ValueError where `save_motion` would not know the format."""
    if Path(path).suffix.lower() not in _WRITERS:
        raise ValueError(f"cannot write {path}: the suffix must be one of {', '.join(_WRITERS)}")


def load_motion(path: str | Path) -> Motion:
    """Read BVH, GLB (ours), NPZ (AMASS layout) or a pickle (AIST++), by what the file is, not its name."""
    path = existing_file(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"glTF"):
        return read_glb(path)
    if head.startswith(b"PK\x03\x04"):
        return read_amass(path)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].upper() == b"HIERARCHY":
        return read_bvh(path)
    if head.startswith(b"\x80") or path.suffix.lower() == ".pkl":
        return read_aistpp(path)
    raise ValueError(f"{path} is no motion file; accepted are BVH, GLB, NPZ in AMASS layout, AIST++ pickles")

"""Motions from and to files, whatever their format."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ..motion import Motion
from ..whole_file import existing_file
from .aistpp import read_aistpp, write_aistpp
from .amass import read_amass, write_amass
from .bvh import read_bvh, write_bvh
from .glb import read_glb, write_glb

SUFFIXES = ("glb", "bvh", "npz")  # what a motion is handed out as
_WRITERS = {".bvh": write_bvh, ".glb": write_glb, ".npz": write_amass, ".pkl": write_aistpp}


def save_motion(motion: Motion, path: str | Path) -> None:
    """Write a motion in the format of the suffix: .bvh, .glb, .npz (AMASS layout) or .pkl (AIST++)."""
    check_suffix(path)
    _WRITERS[Path(path).suffix.lower()](motion, path)


def save_motions(
    motions: Sequence[Motion], folder: Path, *, stem: str, tell: Callable[[float], None] | None = None
) -> dict[str, list[Path]]:
    """Write hypotheses as GLB, BVH and NPZ: STEM.glb, further ones as STEM.1.glb and so on.

    Returns the paths by their suffix, one a motion. tell: called with the share that is written, in [0, 1].
    """
    files: dict[str, list[Path]] = {suffix: [] for suffix in SUFFIXES}
    for number, motion in enumerate(motions):
        name = f"{stem}.{number}" if number else stem
        for suffix, paths in files.items():
            paths.append(folder / f"{name}.{suffix}")
            save_motion(motion, paths[-1])
        if tell is not None:
            tell((number + 1) / len(motions))
    return files


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

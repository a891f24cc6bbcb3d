"""Motions by name, from a folder of files or a dataset, and what of it could not be read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...data.load import load_clips
from ...export.files import load_motion
from ...motion import Motion

SUFFIXES = (".npz", ".glb", ".bvh", ".pkl")  # of one name the first is read: an NPZ is quickest and exact
_NUMBERED = re.compile(r"(.+)\.([1-9]\d*)")  # how `vimo capture` names hypotheses after the first


@dataclass(frozen=True)
class MotionSet:
    """What is evaluated, or what with."""

    source: str
    motions: dict[str, tuple[Motion, ...]]
    """Under every name its hypotheses, the likeliest first; usually one."""
    unreadable: dict[str, str] = field(default_factory=dict)
    """File -> why it could not be read."""
    copies: int = 0
    """Files that are a motion in another format, so that they were passed over."""

    def first(self) -> dict[str, Motion]:
        """The likeliest motion under every name."""
        return {name: hypotheses[0] for name, hypotheses in self.motions.items()}

    @classmethod
    def of(cls, motions: Sequence[Motion], *, source: str = "memory") -> "MotionSet":
        """Motions without names are called 0, 1, 2, ..."""
        return cls(source, {str(place): (motion,) for place, motion in enumerate(motions)})


def read_motions(
    source: str | Path,
    *,
    split: str = "test",
    packs: tuple[str, ...] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> MotionSet:
    """A motion file, a folder of them searched through, a `vimo prepare` folder, motion packs or a Hub id.

    In a folder of `vimo capture` STEM.npz, STEM.glb and STEM.bvh are one motion three times and STEM.1.npz is
    its second hypothesis; STEM.keypoints.npz, videos and pictures are no motions. split and packs are for
    datasets. A file that cannot be read is named in `unreadable`; a ValueError if nothing can be.
    """
    path = Path(source)
    if path.is_file():
        return MotionSet(str(source), {path.stem: (load_motion(path),)})
    if not path.exists() or (path / "dataset_dict.json").is_file() or (path / "index.json").is_file():
        clips = load_clips(source, split=split, packs=packs)
        return MotionSet(str(source), {clip.name: (clip.motion,) for clip in clips})
    return _read_folder(path, progress)


def _read_folder(folder: Path, progress: Callable[[float], None]) -> MotionSet:
    files = _files_by_name(folder)
    read: dict[str, Motion] = {}
    unreadable: dict[str, str] = {}
    for done, (name, copies) in enumerate(sorted(files.items())):
        progress(done / len(files))
        for file in copies:
            try:
                read[name] = load_motion(file)
                break
            except (ValueError, FileNotFoundError) as error:
                unreadable[file.relative_to(folder).as_posix()] = str(error)
    progress(1.0)
    if not read:
        file, why = next(iter(unreadable.items()))
        raise ValueError(f"none of {len(unreadable)} motion files in {folder} can be read; {file}: {why}")
    copies = sum(map(len, files.values())) - len(read) - len(unreadable)
    return MotionSet(str(folder), _hypotheses(read), unreadable, copies)


def _files_by_name(folder: Path) -> dict[str, list[Path]]:
    """Name, the path inside the folder without suffix -> its files, the preferred format first."""
    found = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()]
    files: dict[str, list[Path]] = {}
    for path in sorted(found, key=lambda path: SUFFIXES.index(path.suffix.lower())):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if not name.endswith(".keypoints") and not path.name.startswith("."):
            files.setdefault(name, []).append(path)
    if not files:
        raise ValueError(f"{folder} holds no motion file; accepted are {', '.join(SUFFIXES)}")
    return files


def _hypotheses(read: dict[str, Motion]) -> dict[str, tuple[Motion, ...]]:
    """`walk.1` goes below `walk`, in the order of numbers, where there is a `walk`."""
    numbered: dict[str, list[tuple[int, Motion]]] = {}
    for name, motion in read.items():
        match = _NUMBERED.fullmatch(name)
        of_another = match is not None and match[1] in read
        stem, number = (match[1], int(match[2])) if of_another else (name, 0)
        numbered.setdefault(stem, []).append((number, motion))
    return {
        name: tuple(motion for _, motion in sorted(group, key=lambda entry: entry[0]))
        for name, group in numbered.items()
    }

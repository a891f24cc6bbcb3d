"""Files of a folder as recordings; folders named train, val and test at its top are the splits."""

from collections.abc import Callable
from pathlib import Path

from ..clips import Clip, Recording, stamp_of

SPLITS = ("train", "val", "test")


def list_recordings(
    folder: Path, suffixes: tuple[str, ...], read: Callable[[Path, str], Clip], *options: object
) -> list[Recording]:
    """All files with one of the suffixes, however deep, in order of their names.

    read: (file, name) -> clip, and the options that it depends on; the name is the path inside the folder
    without suffix. Files of one sub-folder are one group: usually one person.
    """
    return [
        Recording(
            name,
            lambda file=file, name=name: read(file, name),
            *_group_and_split(name),
            stamp_of(file, *options),
        )
        for file, name in list_files(folder, suffixes)
    ]


def list_files(folder: Path, suffixes: tuple[str, ...]) -> list[tuple[Path, str]]:
    """Each file with its name: the path inside the folder, without the suffix."""
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    found = sorted(
        path
        for path in folder.rglob("[!.]*")  # what is hidden was not finished, or is the system's own
        if path.suffix.lower() in suffixes and path.is_file()
    )
    if not found:
        raise ValueError(f"{folder} holds no {' or '.join(suffixes)} file")
    return [(path, _readable(path.relative_to(folder).with_suffix("").as_posix())) for path in found]


def _readable(name: str) -> str:
    """A name that can be written as UTF-8, which a file's need not be."""
    return name.encode(errors="replace").decode()


def _group_and_split(name: str) -> tuple[str, str | None]:
    top, *below = name.split("/")
    split = top if below and top in SPLITS else None
    inside = below if split else [top, *below]
    return "/".join(inside[:-1]) or name, split

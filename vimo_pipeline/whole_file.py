"""Files are written whole or not at all, and read whole only when they are of a sane size."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it to `path` when the block ends well, else remove it.

    The temporary name keeps the suffix, because many writers choose a format by it.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    partial = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def read_whole(path: str | Path, *, max_bytes: int) -> bytes:
    """The bytes of a file that must exist, hold something and be no larger than `max_bytes`."""
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    if not path.is_file():
        raise ValueError(f"{path} is a folder; a motion file is needed")
    size = path.stat().st_size
    if not 0 < size <= max_bytes:
        raise ValueError(f"{path} has {size} bytes; a motion file has between 1 and {max_bytes}")
    return path.read_bytes()

"""Files are written whole or not at all, and read whole only when they are of a sane size."""

import io
import json
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

MAX_FRAMES = 216_000  # two hours at 30 fps: what a file of a few bytes may claim, and a memory still holds
MAX_FPS = 1000.0
# What zipfile, its decompressors and NumPy raise over mangled bytes. They have no common class.
_MANGLED_ARRAYS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ArithmeticError, EOFError, LookupError,
    MemoryError, NotImplementedError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
)  # fmt: skip


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


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder beside `path`; it takes that name, and the place of what had it, when the block
    ends well, else it goes."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    try:
        shutil.rmtree(partial, ignore_errors=True)  # of a process of this number that was killed
        partial.mkdir()
        yield partial
        if path.exists():
            path.rename(old)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def existing_file(path: str | Path) -> Path:
    """The path of a file that can be read to its end; a pipe or a device might not have one."""
    path = Path(path)
    if not os.path.exists(path):  # Path.exists raises for names that are too long
        raise FileNotFoundError(f"there is no file {path}")
    if not path.is_file():
        raise ValueError(f"{path} is {'a folder' if path.is_dir() else 'no regular file'}; a file is needed")
    return path


def read_whole(path: str | Path, *, max_bytes: int) -> bytes:
    """The bytes of a file that must exist, hold something and be no larger than `max_bytes`."""
    path = existing_file(path)
    size = path.stat().st_size
    if not 0 < size <= max_bytes:
        raise ValueError(f"{path} has {size} bytes; such a file has between 1 and {max_bytes}")
    return path.read_bytes()


def read_json(path: str | Path, *, max_bytes: int) -> Any:
    """Parsed JSON in UTF-8; NaN and Infinity, which JSON does not have, are refused."""
    content = read_whole(path, max_bytes=max_bytes)
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not valid JSON: {shortened(error)}") from error


def read_arrays(path: str | Path, wanted: Collection[str], *, max_bytes: int) -> dict[str, ndarray]:
    """The arrays of an NPZ by name; those that are not `wanted` stay unread and are empty here.

    Nothing is unpickled, and an archive that unpacks to more than `max_bytes` is refused unopened.
    """
    content = io.BytesIO(read_whole(path, max_bytes=max_bytes))
    try:
        with zipfile.ZipFile(content) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > max_bytes:
                raise ValueError(f"it unpacks to {size} bytes, more than {max_bytes}")
            names = [member.removesuffix(".npy") for member in archive.namelist()]
            return {name: _array(archive, name) if name in wanted else np.empty(0) for name in names}
    except _MANGLED_ARRAYS as error:
        raise ValueError(f"{path} is not a readable NPZ file: {shortened(error)}") from error


def _array(archive: zipfile.ZipFile, name: str) -> ndarray:
    """One array. np.load would take what is none for bytes, and unpack them whatever the archive says."""
    with archive.open(f"{name}.npy") as member:
        return np.lib.format.read_array(member, allow_pickle=False)


def check_length(frames: int, fps: float) -> None:
    """Refuse a recording of a rate that no device has, or longer than two hours, before memory is spent."""
    if not 0 < fps <= MAX_FPS:
        raise ValueError(f"fps must be a positive number of at most {MAX_FPS:g}, got {fps}")
    if max(frames, frames * 30 / fps) > MAX_FRAMES:
        raise ValueError(
            f"{frames} frames at {fps:g} fps are too many; cut it to {MAX_FRAMES} and to two hours"
        )


def _refuse_constant(name: str) -> float:
    raise ValueError(f"it holds {name}")


def shortened(words: object) -> str:
    """What a stranger's file makes a library say, which need not be long."""
    text = str(words) or type(words).__name__
    return text if len(text) <= 300 else f"{text[:300]} ..."

"""Archives that no honest program writes."""

import io
import struct
import zipfile
import zlib
from typing import Any

import numpy as np


def npy(shape: str, dtype: str = "'<f4'", content: bytes = b"") -> bytes:
    """An NPY array whose header claims what it likes; shape and dtype are Python source."""
    header = f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def npz(members: dict[str, bytes]) -> bytes:
    """An NPZ of members that are bytes already."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npz_with(arrays: dict[str, Any], **strange: bytes) -> bytes:
    """An NPZ of arrays, of which some are replaced by bytes."""
    members = {}
    for name, array in arrays.items():
        file = io.BytesIO()
        np.lib.format.write_array(file, np.asarray(array))
        members[f"{name}.npy"] = file.getvalue()
    return npz(members | {f"{name}.npy": content for name, content in strange.items()})


def bomb(name: str, size: int, *, claimed: int | None = None, head: bytes = b"") -> bytes:
    """A zip with one member of `head` and zeros, `size` megabytes of them in a thousandth of that. Its
    directory says `claimed` bytes, or the truth."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = machine.compress(head) + machine.flush(zlib.Z_FULL_FLUSH)
    megabyte = machine.compress(bytes(1 << 20)) + machine.flush(zlib.Z_FULL_FLUSH)
    packed = start + megabyte * size + machine.flush()
    unpacked = len(head) + (size << 20) if claimed is None else claimed
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), unpacked, len(name), 0)
    local = b"PK\3\4" + common + name.encode() + packed
    entry = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end

"""Healthy files come to harm in every way that a bad disk, a bad line or a bad mind can do it."""

from random import Random

import pytest

from .damage import spoil, spoil_json
from .doors import DOORS
from .watch import TIMES, survives


@pytest.mark.parametrize("name", DOORS)
def test_a_damaged_file_is_read_or_refused(name, tmp_path):
    door, path = DOORS[name], tmp_path / "stranger"
    door.make(path)
    door.read(path)
    files = sorted(file for file in [path, *path.rglob("*")] if file.is_file())
    healthy = {file: file.read_bytes() for file in files}
    refused = 0
    for number in range(door.inputs * TIMES):
        file = files[number % len(files)]
        harmed = damaged(healthy[file], Random(f"{name} {number}"))
        file.write_bytes(harmed)
        refused += bool(survives(door.read, path))
        file.write_bytes(healthy[file])
    assert refused > door.inputs / 10
    door.read(path)


def damaged(content: bytes, chance: Random) -> bytes:
    """JSON half the time as JSON, with one part exchanged."""
    whole = content[:1] in (b"{", b"[") and chance.random() < 0.5
    return spoil_json(content, chance) if whole else spoil(content, chance)


def test_there_are_more_than_a_thousand_of_them():
    assert sum(door.inputs for door in DOORS.values()) > 1000

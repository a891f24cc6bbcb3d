"""Files whose names, kinds and places are strange."""

import os
import sys
from pathlib import Path

import pytest

from vimo_pipeline.data.load import load_clips
from vimo_pipeline.data.prepare import prepare
from vimo_pipeline.data.sources import list_amass, list_bvh, list_own
from vimo_pipeline.export import load_motion
from vimo_pipeline.keypoints import find_people, load_keypoints

from . import healthy
from .doors import DOORS
from .watch import survives

STRANGE = (
    os.fsdecode(b"caf\xe9"), os.fsdecode(b"\xff\xfe\x80"), "new\nline", "bell\a", "\x1b[31mred",
    "🕺 dance", "a" * 250,
    "-rf", "%s %d {0}", "concat:a|b", "pipe:0", "$(touch trap)", "`touch trap`", "; touch trap",
    "..", "...", "~root", "~nobody-here", "CON", "a:b", " ", "*", "?",
)  # fmt: skip
MISSING = (
    "a\0b",
    "a" * 5000,
    "/" + "a/" * 3000,
    "~nobody-here/a",
    "https://example.com/a.mp4",
    "",
    "pipe:0",
    "-",
)

needs_posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and names of bytes are POSIX")


@needs_posix
@pytest.mark.parametrize("door", ["keypoints", "openpose", "bvh", "glb", "amass", "aist motion", "mp4"])
def test_a_name_is_only_a_name(door, tmp_path):
    DOORS[door].make(tmp_path / "friend")
    content = (tmp_path / "friend").read_bytes()
    for number, name in enumerate(STRANGE):
        path = tmp_path / str(number) / name.replace("/", "_")
        if sys.platform == "darwin" and not name.isprintable():
            continue  # macOS has no such names
        path.parent.mkdir()
        if path.is_dir():
            continue
        path.write_bytes(content)
        assert not survives(DOORS[door].read, path)


@pytest.mark.parametrize("name", MISSING, ids=range(len(MISSING)))
@pytest.mark.parametrize("read", [load_motion, load_keypoints, find_people, DOORS["mp4"].read])
def test_what_is_not_there_is_said_to_be_missing(read, name):
    with pytest.raises((FileNotFoundError, ValueError), match=r"no |nothing |folder|there is|holds"):
        read(name)


@needs_posix
@pytest.mark.parametrize("door", DOORS)
def test_pipes_devices_loops_and_folders_are_refused(door, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "up").symlink_to(tmp_path)
    for name in ("pipe", "itself", "dangling", "empty", "folder"):
        assert survives(DOORS[door].read, tmp_path / name)
    assert survives(DOORS[door].read, Path("/dev/zero"))


@needs_posix
def test_folders_of_strangers_become_a_dataset(tmp_path):
    folder, nowhere = tmp_path / "recordings", tmp_path / "elsewhere"
    names = [name for name in STRANGE if not name.startswith(".")]  # hidden files stay where they are
    for number, name in enumerate(names):
        part = folder / str(number)
        part.mkdir(parents=True)
        healthy.motion(".bvh")(part / f"{name[:240].replace('/', '_')}.bvh")
    (folder / "up").symlink_to(folder)
    (folder / "loop.bvh").symlink_to(folder / "loop.bvh")
    os.mkfifo(folder / "pipe.bvh")
    recordings = list_own(folder)
    assert len(recordings) == len(names)
    done = prepare(recordings, tmp_path / "data", source="own", shortest=5)
    assert not done.skipped and sum(done.pieces.values()) == len(names)
    assert sum(len(load_clips(tmp_path / "data", split=split)) for split in done.pieces) == len(names)
    for listed in (list_own, list_bvh, list_amass):
        assert survives(listed, nowhere)


@needs_posix
def test_openpose_folders_with_other_things_in_them(tmp_path):
    path = tmp_path / "stranger"
    healthy.openpose_folder(path)
    frame = (path / "dance_000_keypoints.json").read_bytes()
    (path / os.fsdecode(b"caf\xe9_000000000003_keypoints.json")).write_bytes(frame)
    (path / "._dance_004_keypoints.json").write_bytes(b"\0\5\26\7")
    (path / "notes.txt").write_text("words")
    assert not survives(DOORS["openpose folder"].read, path)
    for name in ("dance_1000000_keypoints.json", "dance_" + "9" * 200 + ".json", "dance.json"):
        (path / name).write_bytes(frame)
        assert survives(DOORS["openpose folder"].read, path)
        (path / name).unlink()
    for target in ("/etc/passwd", "/dev/zero", path, path / "dance_005_keypoints.json"):
        link = path / "dance_005_keypoints.json"
        link.symlink_to(target)
        assert survives(DOORS["openpose folder"].read, path)
        link.unlink()

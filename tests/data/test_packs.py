"""Motion packs: what is read is what was packed; the shared data is read where it is present."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from vimo_pipeline.data.packs import load_pack

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mocap"


def write_pack(folder: Path) -> np.ndarray:
    poses = np.random.default_rng(0).uniform(-1, 1, (9, 24, 3))
    poses_q = np.round(poses * 1e4).astype(np.int16)
    np.savez(folder / "pack_own.npz", poses_q=poses_q, trans=np.ones((9, 3), np.float32))
    common = {"pack": "own", "category": "walk", "licence": "CC0", "scene_objects": False}
    clips = [
        {"name": "first", "offset": 0, "frames": 4, "split": "train", **common},
        {"name": "second", "offset": 4, "frames": 5, "split": "test", **common},
        {"name": "climb", "offset": 0, "frames": 4, "split": "train", **common | {"scene_objects": True}},
    ]
    (folder / "index.json").write_text(json.dumps({"clips": clips}))
    return poses


def test_a_clip_holds_its_rows(tmp_path):
    poses = write_pack(tmp_path)
    (clip,) = load_pack(tmp_path, "own", split="test")
    assert clip.name == "second" and len(clip.motion) == 5
    from scipy.spatial.transform import Rotation

    expected = Rotation.from_rotvec(poses[4:].reshape(-1, 3)).as_matrix().reshape(5, 24, 3, 3)
    torch.testing.assert_close(clip.motion.matrices(), torch.from_numpy(expected).float(), atol=3e-4, rtol=0)


def test_climbing_on_nothing_is_left_out_unless_wanted(tmp_path):
    write_pack(tmp_path)
    assert [clip.name for clip in load_pack(tmp_path, "own", split="train")] == ["first"]
    assert len(load_pack(tmp_path, "own", split="train", with_objects=True)) == 2


def test_a_missing_pack_and_an_empty_split_say_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"index\.json"):
        load_pack(tmp_path, "own", split="train")
    write_pack(tmp_path)
    with pytest.raises(ValueError, match="no clip in split 'val'"):
        load_pack(tmp_path, "own", split="val")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared motion packs are not beside the project")
def test_no_subject_is_in_two_splits():
    entries = json.loads((SHARED / "index.json").read_text())["clips"]
    subject_of = {entry["name"]: entry["subject"] for entry in entries}
    subjects = {
        split: {subject_of[clip.name] for clip in load_pack(SHARED, "cmu", split=split)}
        for split in ("train", "val", "test")
    }
    for one, other in (("train", "val"), ("val", "test"), ("train", "test")):
        assert not subjects[one] & subjects[other]

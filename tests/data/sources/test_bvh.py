"""Folders of BVH: known names, mapped names, the floor and the frame rate."""

import json

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.data.clips import TOE_HEIGHT
from vimo_pipeline.data.sources import list_bvh
from vimo_pipeline.data.sources.bvh import read_names
from vimo_pipeline.export import write_bvh
from vimo_pipeline.motion.skeleton import joint_indices

from ...export.rigs import CMU, MOTIONBUILDER, write_rig

TOES = ("left_foot", "right_foot", "left_ankle", "right_ankle")


def still(rig: list[tuple], frames: int = 121) -> tuple[np.ndarray, np.ndarray]:
    """A body in its rest pose that travels forward, high above the floor."""
    root = np.stack([np.zeros(frames), np.full(frames, 500.0), np.arange(frames) / 4], 1)
    return root, np.zeros((frames, len(rig), 3))


@pytest.mark.parametrize("rig", [CMU, MOTIONBUILDER], ids=["cmu", "motionbuilder"])
def test_motions_stand_on_the_floor_at_30_fps(tmp_path, rig):
    (tmp_path / "01").mkdir()
    write_rig(tmp_path / "01" / "01_02.bvh", rig, *still(rig), fps=120)
    (recording,) = list_bvh(tmp_path, licence="free")
    clip = recording.read()
    assert (clip.name, recording.group, clip.licence) == ("01/01_02", "01", "free")
    assert clip.motion.fps == 30 and len(clip.motion) == 31
    lowest = clip.motion.joints()[:, joint_indices(TOES), 1].amin(1)
    assert_close(lowest, torch.full_like(lowest, TOE_HEIGHT), atol=1e-4, rtol=0)


def test_our_own_bvh_is_read_too(tmp_path, dancer):
    write_bvh(dancer, tmp_path / "a.bvh")
    (recording,) = list_bvh(tmp_path)
    read = recording.read().motion
    assert_close(
        read.joints() - read.root[:, None], dancer.joints() - dancer.root[:, None], atol=1e-4, rtol=0
    )


def test_names_come_from_a_json_file(tmp_path):
    rig = [(f"b{name}", f"b{parent}" if parent else "", offset) for name, parent, offset in MOTIONBUILDER]
    (tmp_path / "clips").mkdir()
    write_rig(tmp_path / "clips" / "a.bvh", rig, *still(rig, 3))
    limbs = {
        "hip": "UpLeg",
        "knee": "Leg",
        "ankle": "Foot",
        "shoulder": "Arm",
        "elbow": "ForeArm",
        "wrist": "Hand",
    }
    names = {
        f"{side.lower()}_{ours}": f"b{side}{theirs}"
        for side in ("Left", "Right")
        for ours, theirs in limbs.items()
    }
    (tmp_path / "map.json").write_text(json.dumps(names | {"pelvis": "bHips", "neck": "bNeck"}))
    (recording,) = list_bvh(tmp_path / "clips", names=tmp_path / "map.json")
    assert len(recording.read().motion) == 3


@pytest.mark.parametrize("text", ["{", "[1]", '{"pelvis": 3}', "\udcff"])
def test_a_bad_map_is_refused_at_once(tmp_path, text):
    (tmp_path / "map.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ValueError, match=r"map\.json"):
        read_names(tmp_path / "map.json")
    with pytest.raises(FileNotFoundError):
        read_names(tmp_path / "none.json")

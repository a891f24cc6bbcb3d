"""Files that ViMo wrote, as training data."""

from pathlib import Path

import pytest
from torch.testing import assert_close

from vimo_pipeline.data.sources import list_own
from vimo_pipeline.export import save_motion
from vimo_pipeline.keypoints import Keypoints


@pytest.mark.parametrize("suffix", [".glb", ".npz", ".bvh", ".pkl"])
def test_every_format_that_we_write_is_read(tmp_path, dancer, suffix):
    save_motion(dancer, tmp_path / f"dance{suffix}")
    (recording,) = list_own(tmp_path, licence="mine")
    clip = recording.read()
    assert (recording.name, clip.licence, clip.motion.fps) == ("dance", "mine", 30)
    assert_close(clip.motion.joints(), dancer.joints(), atol=2e-4, rtol=0)


def test_folders_are_splits_and_groups(tmp_path, dancer):
    for name in ("train/anna/one", "train/anna/two", "val/bert/one", "test/one", "free/one", "one"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        save_motion(dancer.frames(0, 2), tmp_path / f"{name}.npz")
    found = {recording.name: (recording.group, recording.split) for recording in list_own(tmp_path)}
    assert found == {
        "free/one": ("free", None), "one": ("one", None), "test/one": ("test/one", "test"),
        "train/anna/one": ("anna", "train"), "train/anna/two": ("anna", "train"),
        "val/bert/one": ("bert", "val"),
    }  # fmt: skip


def test_keypoints_beside_the_motions_are_no_motions(tmp_path, dancer):
    import numpy as np

    save_motion(dancer, tmp_path / "dance.npz")
    Keypoints(np.ones((3, 17, 3), np.float32), 30, 640, 480).save(tmp_path / "dance.keypoints.npz")
    assert [recording.name for recording in list_own(tmp_path)] == ["dance"]


def test_empty_and_missing_folders_say_so(tmp_path):
    with pytest.raises(ValueError, match=r"holds no \.glb or \.npz"):
        list_own(tmp_path)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        list_own(tmp_path / "nowhere")


def test_a_bad_file_fails_when_it_is_read_and_is_named(tmp_path):
    Path(tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 nothing")
    (recording,) = list_own(tmp_path)
    with pytest.raises(ValueError, match=r"bad\.npz"):
        recording.read()

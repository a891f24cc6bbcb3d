"""Which files count, and how often."""

import numpy as np
import pytest
from torch.testing import assert_close

from vimo_pipeline.export import save_motion
from vimo_pipeline.metrics.evaluation import MotionSet, read_motions


def test_a_folder_of_captures_counts_each_motion_once(tmp_path, dance):
    for suffix in ("glb", "bvh", "npz"):
        save_motion(dance(0), tmp_path / f"walk.{suffix}")
        for number in (2, 10):
            save_motion(dance(number), tmp_path / f"walk.{number}.{suffix}")
    np.savez(tmp_path / "walk.keypoints.npz", keypoints=np.zeros((60, 17, 3)))
    (tmp_path / "walk.preview.mp4").write_bytes(b"a video")
    (tmp_path / "deeper").mkdir()
    save_motion(dance(3), tmp_path / "deeper" / "take.3.npz")  # no take.npz: a motion of its own
    found = read_motions(tmp_path)
    assert {name: len(hypotheses) for name, hypotheses in found.motions.items()} == {
        "walk": 3,
        "deeper/take.3": 1,
    }
    assert (found.copies, found.unreadable) == (6, {})
    for motion, seed in zip(found.motions["walk"], (0, 2, 10), strict=True):
        assert_close(motion.root, dance(seed).root, atol=1e-4, rtol=0)


def test_what_cannot_be_read_is_named_and_another_format_of_it_is_taken(tmp_path, dance):
    save_motion(dance(0), tmp_path / "walk.bvh")
    (tmp_path / "walk.glb").write_bytes(b"glTF")
    (tmp_path / "run.npz").write_bytes(b"no zip")
    found = read_motions(tmp_path)
    assert list(found.motions) == ["walk"] and sorted(found.unreadable) == ["run.npz", "walk.glb"]
    assert "run.npz" in found.unreadable["run.npz"] and found.copies == 0


def test_one_file_is_a_set(tmp_path, dance):
    save_motion(dance(0), tmp_path / "walk.npz")
    assert list(read_motions(tmp_path / "walk.npz").motions) == ["walk"]
    assert list(MotionSet.of([dance(0), dance(1)]).first()) == ["0", "1"]


def test_bad_folders_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"holds no motion file; accepted are \.npz"):
        read_motions(tmp_path)
    (tmp_path / "a.npz").write_bytes(b"no zip")
    with pytest.raises(ValueError, match="none of 1 motion files"):
        read_motions(tmp_path)
    with pytest.raises(FileNotFoundError, match="there is nothing at"):
        read_motions(tmp_path / "missing")

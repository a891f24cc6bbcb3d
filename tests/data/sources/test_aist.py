"""AIST++: a tiny folder in exactly the layout of the download."""

import json
import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch.testing import assert_close

from vimo_pipeline.data.clips import TOE_HEIGHT
from vimo_pipeline.data.load import load_clips
from vimo_pipeline.data.prepare import prepare
from vimo_pipeline.data.sources import list_aist
from vimo_pipeline.data.sources.aist import GENRES, genre_split, read_list
from vimo_pipeline.data.sources.aist_views import count_views, read_cameras, read_keypoints3d, read_views
from vimo_pipeline.export import write_aistpp
from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.skeleton import joint_indices

SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "aistpp"
SCALING = 93.0
SEQUENCES = {
    "gBR_sBM_cAll_d04_mBR0_ch01": "test", "gMH_sFM_cAll_d22_mMH3_ch05": "test",
    "gPO_sBM_cAll_d10_mPO0_ch02": None, "gJB_sBM_cAll_d07_mJB3_ch05": None,
}  # fmt: skip
DANCED, IGNORED = "gPO_sBM_cAll_d10_mPO0_ch02", "gLO_sBM_cAll_d13_mLO0_ch01"


@pytest.fixture
def folder(tmp_path, dancer) -> Path:
    for name in ("motions", "keypoints2d", "keypoints3d", "cameras", "splits"):
        (tmp_path / name).mkdir()
    cameras = [camera_entry(number) for number in range(1, 10)]
    (tmp_path / "cameras" / "setting1.json").write_text(json.dumps(cameras))
    mapping = [f"{name} setting1" for name in (*SEQUENCES, IGNORED)]
    (tmp_path / "cameras" / "mapping.txt").write_text("\n".join(mapping) + "\n")
    (tmp_path / "ignore_list.txt").write_text(f"{IGNORED}\n")
    for kind in ("pose", "crossmodal"):
        for part, name in zip(("train", "val", "test"), SEQUENCES, strict=False):
            (tmp_path / "splits" / f"{kind}_{part}.txt").write_text(f"{name}\n{IGNORED}\n")
    for name in (*SEQUENCES, IGNORED):
        write_sequence(tmp_path, name, dancer)
    return tmp_path


def camera_entry(number: int) -> dict:
    turn = Rotation.from_euler("xy", [180, 40 * number], degrees=True)  # OpenCV's y points down
    return {
        "name": f"c0{number}", "size": [1920, 1080], "distortions": [0.0] * 5,
        "matrix": [[1400.0, 0, 960], [0, 1400.0, 540], [0, 0, 1]],
        "rotation": turn.as_rotvec().tolist(), "translation": [0.0, 90.0, 500.0],
    }  # fmt: skip


def project(camera, points: np.ndarray) -> np.ndarray:
    seen = Rotation.from_rotvec(camera.rotation).apply(points.reshape(-1, 3)) + camera.translation
    pixels = seen @ camera.matrix.T
    return (pixels[:, :2] / pixels[:, 2:]).reshape(*points.shape[:-1], 2)


def write_sequence(folder: Path, name: str, motion: Motion) -> None:
    """Motion, triangulated points and detections of one sequence, lengths times the scaling, 60 fps."""
    file = folder / "motions" / f"{name}.pkl"
    write_aistpp(motion, file)
    arrays = pickle.loads(file.read_bytes())
    arrays["smpl_trans"] = (arrays["smpl_trans"] + [0, 0.5, 0]) * SCALING  # and half a metre above the floor
    arrays["smpl_scaling"] = np.array([SCALING])
    arrays["smpl_poses"] = arrays["smpl_poses"].reshape(-1, 24, 3)
    file.write_bytes(pickle.dumps(arrays))

    fine = motion.resample(60)
    points = coco_from_joints(*joint_transforms(fine.matrices(), fine.root)).numpy() * SCALING
    points3d = {"keypoints3d": points + 1, "keypoints3d_optim": points}
    (folder / "keypoints3d" / f"{name}.pkl").write_bytes(pickle.dumps(points3d))
    seen = np.stack([project(camera, points) for camera in read_cameras(folder, name)])
    seen = np.concatenate([seen, np.full_like(seen[..., :1], 1.1)], -1)
    seen[2, 4] = np.nan  # nobody was found
    arrays = {
        "keypoints2d": seen, "det_scores": np.ones(seen.shape[:2]),
        "timestamps": (np.arange(len(fine)) * 1e6 / 60).astype(np.int64),
    }  # fmt: skip
    (folder / "keypoints2d" / f"{name}.pkl").write_bytes(pickle.dumps(arrays))


def change(file: Path, **changes) -> None:
    file.write_bytes(pickle.dumps(pickle.loads(file.read_bytes()) | changes))


def test_the_genre_split_tests_on_break_and_middle_hip_hop(folder):
    assert {recording.name: recording.split for recording in list_aist(folder)} == SEQUENCES
    assert Counter(map(genre_split, GENRES)) == {"train": 8, "test": 2}


@pytest.mark.parametrize("split", ["pose", "crossmodal"])
def test_the_official_splits_are_read_and_leave_out_what_they_do_not_name(folder, split):
    found = {recording.name: recording.split for recording in list_aist(folder, split=split)}
    assert found == dict(zip(SEQUENCES, ("train", "val", "test"), strict=False))
    (folder / "splits" / f"{split}_val.txt").unlink()
    with pytest.raises(FileNotFoundError, match=f"{split}_val.txt"):
        list_aist(folder, split=split)


def test_a_clip_stands_on_the_floor_in_metres_at_30_fps(folder, dancer):
    clip = next(recording for recording in list_aist(folder) if recording.name == DANCED).read()
    assert (clip.category, clip.motion.fps, len(clip.motion)) == ("pop", 30, 61)
    assert clip.licence.startswith("CC BY 4.0")
    ours, theirs = (motion.joints() - motion.root[:, None] for motion in (clip.motion, dancer))
    assert_close(ours, theirs, atol=1e-4, rtol=0)
    assert_close(clip.motion.root[:, [0, 2]], dancer.root[:, [0, 2]], atol=1e-4, rtol=0)
    feet = joint_indices(("left_foot", "right_foot", "left_ankle", "right_ankle"))
    lowest = clip.motion.joints()[:, feet, 1].amin(1).quantile(0.01)
    assert_close(lowest, torch.tensor(TOE_HEIGHT), atol=1e-4, rtol=0)


def test_nine_views_see_the_motion_frame_by_frame(folder, dancer):
    clip = next(recording for recording in list_aist(folder) if recording.name == DANCED).read()
    assert [len(view) for view in clip.views] == [61] * 9
    joints = coco_from_joints(*joint_transforms(dancer.matrices(), dancer.root)).numpy() * SCALING
    for number, (view, camera) in enumerate(zip(clip.views, read_cameras(folder, DANCED), strict=True)):
        assert (view.fps, view.width, view.height, camera.name) == (30, 1920, 1080, f"c0{number + 1}")
        lost = 2 if number == 2 else None  # frame 4 of 60 fps
        kept = [frame for frame in range(61) if frame != lost]
        np.testing.assert_allclose(view.xy[kept], project(camera, joints)[kept], atol=0.05)
        assert view.confidence[kept].min() == 1 and (lost is None or not view.confidence[lost].any())


def test_a_dataset_of_it_holds_the_views_if_there_are_any(folder, tmp_path):
    pytest.importorskip("datasets").disable_progress_bars()
    assert count_views(folder) == 9
    done = prepare(list_aist(folder), tmp_path / "data", source="aist", views=9, val_share=0)
    assert done.pieces == {"train": 2, "test": 2} and not done.skipped
    clip = load_clips(tmp_path / "data", split="test", with_views=True)[0]
    wanted = next(recording for recording in list_aist(folder) if recording.name == clip.name).read()
    for view, same in zip(clip.views, wanted.views, strict=True):
        np.testing.assert_array_equal(view.points, same.points)
    for file in (folder / "keypoints2d").iterdir():
        file.unlink()
    assert count_views(folder) == 0


def test_triangulated_points_are_metres(folder, dancer):
    points = read_keypoints3d(folder, DANCED)[::2]
    wanted = coco_from_joints(*joint_transforms(dancer.matrices(), dancer.root)).numpy()
    np.testing.assert_allclose(points, wanted, atol=1e-5)


def test_known_bad_views_have_seen_nothing(folder):
    for name, bad in (("gBR_sBM_cAll_d04_mBR0_ch01", 4), ("gJB_sBM_cAll_d07_mJB3_ch05", 6)):
        seen = [bool(view.confidence.any()) for view in read_views(folder, name)]
        assert seen == [number != bad for number in range(9)]


def test_keypoints_and_cameras_may_be_missing(folder):
    (folder / "cameras" / "mapping.txt").unlink()
    views = read_views(folder, DANCED)
    assert (views[0].width, views[0].height) == (1920, 1080)
    (folder / "keypoints2d" / f"{DANCED}.pkl").unlink()
    clip = next(recording for recording in list_aist(folder) if recording.name == DANCED).read()
    assert clip.views == () and len(clip.motion) == 61


def test_faults_are_named(folder):
    file = folder / "keypoints2d" / f"{DANCED}.pkl"
    good = file.read_bytes()
    for changes, message in (
        ({"keypoints2d": np.zeros((8, 5, 17, 3))}, "keypoints2d"),
        ({"keypoints2d": np.zeros((9, 0, 17, 3))}, "no frames"),
        ({"timestamps": np.array([0, 1, 2, 5, 6])}, "misses frames"),
    ):
        change(file, **changes)
        with pytest.raises(ValueError, match=message):
            read_views(folder, DANCED)
        file.write_bytes(good)
    (folder / "cameras" / "setting1.json").write_text("[{}]")
    with pytest.raises(ValueError, match=r"setting1\.json"):
        read_views(folder, DANCED)
    (folder / "cameras" / "mapping.txt").write_text("another setting1\n")
    with pytest.raises(ValueError, match="does not say which cameras"):
        read_views(folder, DANCED)


def test_a_malicious_keypoints_file_runs_nothing(folder, tmp_path):
    class Attack:
        def __reduce__(self):
            return Path.touch, (tmp_path / "trap",)

    for kind in ("keypoints2d", "motions"):
        (folder / kind / f"{DANCED}.pkl").write_bytes(pickle.dumps({kind: Attack()}))
        recording = next(recording for recording in list_aist(folder) if recording.name == DANCED)
        with pytest.raises(ValueError, match="is refused"):
            recording.read()
    assert not (tmp_path / "trap").exists()


def test_other_folders_and_names_are_refused(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match="is no AIST"):
        list_aist(tmp_path / "splits")
    (folder / "motions" / f"{DANCED}.pkl").rename(folder / "motions" / "dance.pkl")
    recording = next(recording for recording in list_aist(folder) if recording.name == "dance")
    with pytest.raises(ValueError, match="no name of an AIST"):
        recording.read()
    with pytest.raises(ValueError, match="unknown split"):
        list_aist(folder, split="dancer")


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the AIST++ sample is not at {SHARED}")
def test_genuine_lists_and_a_genuine_motion(tmp_path):
    """EDGE's lists are the official crossmodal ones: 980 to train on, 20 to test on."""
    for part in ("train", "test"):
        lines = (SHARED / f"edge_crossmodal_{part}.txt").read_text()
        (tmp_path / f"crossmodal_{part}.txt").write_text(lines)
    train, test = (read_list(tmp_path / f"crossmodal_{part}.txt") for part in ("train", "test"))
    assert (len(train), len(test), len(train & test)) == (980, 20, 0)
    assert read_list(SHARED / "ignore_list_bailando.txt") <= read_list(SHARED / "edge_ignore_list.txt")
    (tmp_path / "motions").mkdir()
    name = sorted(train - read_list(SHARED / "edge_ignore_list.txt"))[0]
    (tmp_path / "motions" / f"{name}.pkl").write_bytes((SHARED / "sample_smpl.pkl").read_bytes())
    (tmp_path / "ignore_list.txt").write_text((SHARED / "edge_ignore_list.txt").read_text())
    (recording,) = list_aist(tmp_path)
    clip = recording.read()
    assert len(clip.motion) == 64 and clip.category in GENRES.values()
    heads = clip.motion.joints()[:, joint_indices(("head",)), 1]
    assert 1.0 < heads.median() < 1.8 and clip.motion.contacts.any()

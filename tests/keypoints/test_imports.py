"""OpenPose and AlphaPose files, written here as these programs write them."""

import json
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.keypoints import load_alphapose, load_openpose
from vimo_pipeline.keypoints.importing.layouts import COCO_FROM, guess_openpose_layout, refuse_h36m, to_coco

SAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "openpose_single"


def as_layout(coco: np.ndarray, layout: str) -> np.ndarray:
    """COCO-17 poses [..., 17, 3] as OpenPose would write them, [..., N, 3], with its neck and middle hip."""
    points = np.zeros((*coco.shape[:-2], 18 if layout == "COCO_18" else 25, 3))
    points[..., COCO_FROM[layout], :] = coco
    neck, middle_hip = coco[..., [5, 6], :].mean(-2), coco[..., [11, 12], :].mean(-2)
    if layout == "BODY_25B":
        points[..., 17, :] = neck
    else:
        points[..., 1, :] = neck
    if layout == "BODY_25":
        points[..., 8, :] = middle_hip
    return points


def write_openpose(folder: Path, frames: dict[int, list[np.ndarray]], key: str = "pose_keypoints_2d") -> Path:
    folder.mkdir(exist_ok=True)
    for number, poses in frames.items():
        people = [{"person_id": [-1], key: pose.reshape(-1).tolist()} for pose in poses]
        text = json.dumps({"version": 1.3, "people": people})
        (folder / f"clip_{number:012d}_keypoints.json").write_text(text)
    return folder


@pytest.mark.parametrize("layout", ["BODY_25", "BODY_25B", "COCO_18"])
@pytest.mark.parametrize("key", ["pose_keypoints_2d", "pose_keypoints"])
def test_every_openpose_layout_is_recognised(walk, tmp_path, layout, key):
    poses = as_layout(walk(12), layout)
    folder = write_openpose(tmp_path / "json", {frame: [pose] for frame, pose in enumerate(poses)}, key)
    assert np.allclose(load_openpose(folder).points, walk(12), atol=1e-3)
    assert np.allclose(load_openpose(folder, layout=layout).points, walk(12), atol=1e-3)


def test_a_doubtful_layout_is_not_guessed(walk):
    head_only = as_layout(walk(3), "BODY_25")
    head_only[:, 1:15] = 0
    with pytest.raises(ValueError, match="say which"):
        guess_openpose_layout([head_only], "folder")
    with pytest.raises(ValueError, match="21 keypoints"):
        guess_openpose_layout([np.ones((1, 21, 3))], "hands")
    with pytest.raises(ValueError, match="unknown layout"):
        to_coco(head_only, "MPI")


def test_openpose_gaps_and_empty_frames_keep_their_time(walk, tmp_path):
    poses = as_layout(walk(40), "BODY_25")
    frames = {100 + frame: [pose] for frame, pose in enumerate(poses) if frame not in (10, 11, 20)}
    frames[120] = []
    keypoints = load_openpose(write_openpose(tmp_path / "json", frames), size=(1280, 720))
    assert (keypoints.width, keypoints.height, len(keypoints)) == (1280, 720, 40)
    assert np.flatnonzero(~keypoints.confidence.any(-1)).tolist() == [10, 11, 20]
    assert np.allclose(keypoints.points[39], walk(40)[39], atol=1e-3)


def test_one_of_several_openpose_people(walk, tmp_path):
    large, small = walk(30, x=200), walk(30, x=900, height=200)
    poses = zip(as_layout(small, "BODY_25"), as_layout(large, "BODY_25"), strict=True)
    folder = write_openpose(tmp_path / "json", dict(enumerate(map(list, poses))))
    assert np.allclose(load_openpose(folder).points, large, atol=1e-3)
    assert np.allclose(load_openpose(folder, person=1).points, small, atol=1e-3)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"needs the samples in {SAMPLES}")
@pytest.mark.parametrize("name", ["hmr_random", "prohmr_pexels", "spin_im1010_openpose"])
def test_real_openpose_files(name):
    keypoints = load_openpose(next(SAMPLES.glob(f"{name}*")))
    assert len(keypoints) == 1 and (keypoints.confidence > 0.3).sum() >= 10


def alphapose(frame, pose: np.ndarray, **more) -> dict:
    return {"image_id": frame, "category_id": 1, "keypoints": pose.reshape(-1).tolist(), "score": 2.9, **more}


@pytest.mark.parametrize("extra", [0, 9, 116, 119], ids=["17", "26", "133", "136"])
@pytest.mark.parametrize("name", ["{}.jpg", "frame_{:06d}.png", "{}"])
@pytest.mark.parametrize("index", [{}, {"idx": 1}, {"idx": [0.0]}], ids=["none", "number", "list"])
def test_every_alphapose_variant(walk, tmp_path, extra, name, index):
    poses = [np.concatenate([pose, np.ones((extra, 3))]) for pose in walk(12)]
    detections = [alphapose(name.format(frame), pose, **index) for frame, pose in enumerate(poses)]
    path = tmp_path / "alphapose-results.json"
    path.write_text(json.dumps(sorted(detections, key=lambda detection: detection["image_id"])))
    assert np.allclose(load_alphapose(path).points, walk(12), atol=1e-3)


def test_alphapose_gaps_doubles_and_confidences_above_one(walk, tmp_path):
    points = walk(20)
    points[..., 2] = 1.13
    detections = [alphapose(f"{frame}.jpg", points[frame]) for frame in range(20) if frame != 7] * 2
    path = tmp_path / "a.json"
    path.write_text(json.dumps(detections))
    keypoints = load_alphapose(path)
    assert len(keypoints) == 20 and not keypoints.confidence[7].any()
    assert keypoints.confidence.max() == 1


@pytest.mark.parametrize(
    "content, message",
    [
        ("[{", "not valid JSON"),
        ("[NaN]", "NaN"),
        ("[" * 100_000, "not valid JSON"),
        ("{}", "list of detections"),
        ("[]", "no frame"),
        ('[{"image_id": "0.jpg"}]', "keypoints"),
        ('[{"image_id": "0.jpg", "keypoints": [1, 2]}]', "flat list"),
        ('[{"image_id": "0.jpg", "keypoints": ["a", 2, 3]}]', "flat list"),
        ('[{"image_id": "0.jpg", "keypoints": [1, 2, 1]}]', "1 keypoints a person"),
        (json.dumps([alphapose("cover.jpg", np.ones((17, 3)))]), "no frame number"),
        (json.dumps([alphapose("0", np.ones((17, 3))), alphapose("99999999", np.ones((17, 3)))]), "at most"),
        (json.dumps([alphapose("0", np.zeros((17, 3)))]), "no person"),
        (json.dumps([alphapose("0", np.random.default_rng(0).random((17, 3)))]), "pixels"),
    ],
)
def test_broken_alphapose_files(tmp_path, content, message):
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        load_alphapose(path)


def test_broken_openpose_folders(walk, tmp_path):
    folder = tmp_path / "json"
    folder.mkdir()
    with pytest.raises(ValueError, match=r"no \.json"):
        load_openpose(folder)
    write_openpose(folder, {0: [], 1: []})
    with pytest.raises(ValueError, match="no person"):
        load_openpose(folder)
    write_openpose(folder, {0: [as_layout(walk(1), "BODY_25")[0]], 1: [as_layout(walk(1), "COCO_18")[0]]})
    with pytest.raises(ValueError, match="different numbers"):
        load_openpose(folder)
    (folder / "other_000000000001_keypoints.json").write_text("[]")
    with pytest.raises(ValueError, match="same frame"):
        load_openpose(folder)
    with pytest.raises(FileNotFoundError):
        load_openpose(tmp_path / "missing")


def test_human36m_is_told_from_coco(walk):
    coco = walk(10)
    refuse_h36m(coco, "walk")
    middle = {0: [11, 12], 8: [5, 6], 7: [5, 6, 11, 12]}
    order = {1: 12, 2: 14, 3: 16, 4: 11, 5: 13, 6: 15, 9: 0, 10: 1, 11: 5, 12: 7, 13: 9, 14: 6, 15: 8, 16: 10}
    h36m = np.zeros_like(coco)
    for joint, source in order.items():
        h36m[:, joint] = coco[:, source]
    for joint, sources in middle.items():
        h36m[:, joint] = coco[:, sources].mean(1)
    with pytest.raises(ValueError, match=r"Human3\.6M"):
        refuse_h36m(h36m, "walk")

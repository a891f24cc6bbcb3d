import json

import numpy as np
import pytest

from vimo_pipeline.keypoints import find_people, load_keypoints
from vimo_pipeline.keypoints.load import kind_of


@pytest.fixture
def alphapose_file(tmp_path, walk):
    people = [walk(20, x=200), walk(20, x=900, height=200)]
    path = tmp_path / "results.mp4"  # the name says nothing
    path.write_text(json.dumps([
        {"image_id": f"{frame}.jpg", "keypoints": poses[frame].reshape(-1).tolist()}
        for frame in range(20) for poses in people
    ]))  # fmt: skip
    return path


def test_the_content_decides(tmp_path, walk, as_keypoints, alphapose_file):
    as_keypoints(walk(10)).save(tmp_path / "a.npz")
    saved = (tmp_path / "a.npz").rename(tmp_path / "a.mp4")
    assert (
        kind_of(saved) == "npz" and kind_of(alphapose_file) == "alphapose" and kind_of(tmp_path) == "openpose"
    )
    assert np.array_equal(load_keypoints(saved).points, walk(10))
    (tmp_path / "a.json").write_text('\ufeff\n {"people": []}')
    assert kind_of(tmp_path / "a.json") == "openpose"
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(ValueError, match="not a video"):
        load_keypoints(tmp_path / "a.txt")


def test_rates_are_brought_together(tmp_path, walk, as_keypoints, alphapose_file):
    as_keypoints(walk(60, 60), 60.0).save(tmp_path / "a.npz")
    assert len(load_keypoints(tmp_path / "a.npz")) == 30
    assert len(load_keypoints(alphapose_file, source_fps=10)) == 60


def test_people_can_be_chosen(walk, alphapose_file):
    people = find_people(alphapose_file)
    assert [person.index for person in people] == [0, 1]
    chosen = load_keypoints(alphapose_file, person=people[1].index)
    assert np.abs(chosen.xy - walk(20, x=900, height=200)[..., :2]).max() < 3
    with pytest.raises(ValueError, match="2 found"):
        load_keypoints(alphapose_file, person=2)


def test_what_cannot_be_loaded(tmp_path, walk, as_keypoints):
    np.save(tmp_path / "a.npy", walk(3))
    with pytest.raises(ValueError, match="bare array"):
        load_keypoints(tmp_path / "a.npy")
    with pytest.raises(FileNotFoundError, match="nothing at"):
        load_keypoints(tmp_path / "missing.mp4")
    as_keypoints(walk(3)).save(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="nobody to choose"):
        find_people(tmp_path / "a.npz")

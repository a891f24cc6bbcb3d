import numpy as np
import pytest

from vimo_pipeline.keypoints import load_npz


@pytest.fixture
def written(tmp_path, walk):
    """written(key=value) replaces a field of a good file; None leaves it out."""

    def write(**changes):
        fields = {"keypoints": walk(10), "fps": 30.0, "width": 1280, "height": 720} | changes
        np.savez(tmp_path / "a.npz", **{key: value for key, value in fields.items() if value is not None})
        return tmp_path / "a.npz"

    return write


def test_what_is_saved_is_loaded(walk, as_keypoints, tmp_path):
    keypoints = as_keypoints(walk(20), 25.0, cuts=(7,))
    keypoints.save(tmp_path / "a.npz")
    loaded = load_npz(tmp_path / "a.npz")
    assert np.array_equal(loaded.points, keypoints.points)
    assert (loaded.fps, loaded.width, loaded.height, loaded.cuts) == (25.0, 1280, 720, (7,))


def test_nan_means_not_seen_only_where_the_confidence_agrees(walk, written):
    points = walk(10)
    points[2, 3] = np.nan
    points[4, 5] = (np.nan, np.nan, 0)
    points[6, 7, 2] = 1.4
    loaded = load_npz(written(keypoints=points))
    assert not loaded.points[[2, 4], [3, 5]].any() and loaded.points[6, 7, 2] == 1
    points[8, 9, 0] = np.nan
    with pytest.raises(ValueError, match="from frame 8"):
        load_npz(written(keypoints=points))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"keypoints": np.ones((10, 24, 3))}, r"\[10, 24, 3\]"),
        ({"keypoints": np.ones((17, 3))}, r"\[17, 3\]"),
        ({"keypoints": np.ones((0, 17, 3))}, "no frame"),
        ({"keypoints": np.full((10, 17, 3), "a")}, "numbers"),
        ({"keypoints": np.full((10, 17, 3), None)}, "pickle"),
        ({"keypoints": None}, "lacks keypoints"),
        ({"fps": None, "width": None}, "lacks fps, width"),
        ({"fps": 0.0}, "fps must be"),
        ({"fps": float("nan")}, "fps must be"),
        ({"height": [1, 2]}, "height must be"),
    ],
)
def test_broken_fields(written, changes, message):
    with pytest.raises(ValueError, match=message):
        load_npz(written(**changes))


def test_broken_files(tmp_path, written):
    path = written()
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ValueError, match="not a readable NPZ"):
        load_npz(path)
    with pytest.raises(FileNotFoundError):
        load_npz(tmp_path / "missing.npz")

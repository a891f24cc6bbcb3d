import numpy as np
import pytest

from vimo_pipeline.keypoints import Keypoints, load_keypoints
from vimo_pipeline.ui.endpoints.trimming import trimmed
from vimo_pipeline.video import read_frames, write_video


@pytest.fixture
def greys(tmp_path):
    """A second that grows lighter, one step a frame."""
    frames = [np.full((32, 32, 3), 8 * number, np.uint8) for number in range(30)]
    write_video(tmp_path / "greys.mp4", frames, fps=30)
    return tmp_path / "greys.mp4"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_the_whole_is_the_source_itself(greys, out):
    assert trimmed(greys, out) == greys


def test_a_part_of_a_video_holds_its_own_frames(greys, out):
    part = trimmed(greys, out, start=0.5, stop=0.8)
    shades = [float(frame.mean()) for frame in read_frames(part)]
    assert part.name == greys.name and len(shades) == 9
    np.testing.assert_allclose(shades, 8 * np.arange(15, 24), atol=4)


def test_how_far_it_is_is_told_and_may_stop_it(greys, out):
    told = []
    trimmed(greys, out, start=0.5, tell=told.append)
    assert told == sorted(told) and told[0] == 0 and 0.8 < told[-1] <= 1

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        trimmed(greys, out, start=0.1, tell=stop)
    assert [path.name for path in out.iterdir()] == [greys.name], "what was whole before, and no half"


def test_a_part_of_keypoints_takes_its_cuts_along(tmp_path, out):
    points = np.zeros((30, 17, 3), np.float32)
    points[:, :, 0] = np.arange(30)[:, None]
    points[..., 2] = 1
    Keypoints(points, 30.0, 64, 64, (4, 20)).save(tmp_path / "seen.npz")
    part = load_keypoints(trimmed(tmp_path / "seen.npz", out, start=0.5))
    assert part.cuts == (5,) and part.points[:, 0, 0].tolist() == list(range(15, 30))

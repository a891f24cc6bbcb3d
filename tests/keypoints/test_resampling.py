import numpy as np
import pytest

from vimo_pipeline.keypoints import resample_keypoints
from vimo_pipeline.keypoints.resampling import sampling_rate


@pytest.mark.parametrize("fps", [10.0, 24.0, 25.0, 60.0, 240.0])
def test_a_walk_is_the_same_walk_at_any_rate(walk, as_keypoints, fps):
    resampled = resample_keypoints(as_keypoints(walk(round(3 * fps), fps), fps), 30)
    inside = slice(0, 87)  # after the last frame nothing is known
    assert len(resampled) == 90 and resampled.fps == 30
    assert np.abs(resampled.xy[inside] - walk(90)[inside, :, :2]).max() < 6


def test_there_and_back(walk, as_keypoints):
    keypoints = as_keypoints(walk(60))
    back = resample_keypoints(resample_keypoints(keypoints, 120), 30)
    assert np.allclose(back.points, keypoints.points, atol=1e-2)


def test_the_same_rate_changes_nothing(walk, as_keypoints):
    keypoints = as_keypoints(walk(60), 29.97, cuts=(20,))
    same = resample_keypoints(keypoints, 30)
    assert np.array_equal(same.points, keypoints.points) and same.cuts == (20,) and same.fps == 30


def test_nothing_is_drawn_across_cuts_and_gaps(walk, as_keypoints):
    points = np.concatenate([walk(10, 10, x=100), walk(10, 10, x=1000)])
    points[5] = 0
    resampled = resample_keypoints(as_keypoints(points, 10.0, cuts=(10,)), 30)
    assert resampled.cuts == (30,)
    assert resampled.xy[:30, :, 0].max() < 500 and resampled.xy[30:, :, 0].min() > 900
    assert np.flatnonzero(~resampled.confidence.any(-1)).tolist() == [13, 14, 15, 16, 17]


def test_one_frame(walk, as_keypoints):
    assert len(resample_keypoints(as_keypoints(walk(1), 10.0), 30)) == 3
    assert len(resample_keypoints(as_keypoints(walk(1), 60.0), 30)) == 1


@pytest.mark.parametrize(
    "video, expected",
    [
        (10, 10),
        (24, 24),
        (29.97, 30),
        (30, 30),
        (50, 25),
        (59.94, 30),
        (60, 30),
        (48, 24),
        (240, 30),
        (0, 30),
    ],
)
def test_a_video_is_looked_at_in_whole_steps_of_its_frames(video, expected):
    assert sampling_rate(video, 30) == pytest.approx(expected)


def test_impossible_rates(walk, as_keypoints):
    with pytest.raises(ValueError, match="positive"):
        resample_keypoints(as_keypoints(walk(3)), 0)

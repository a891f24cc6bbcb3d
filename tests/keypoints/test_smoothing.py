import numpy as np
import pytest

from vimo_pipeline.keypoints.cleaning.smoothing import smooth


def test_a_parabola_is_not_bent():
    time = np.arange(40, dtype=np.float64)
    points = np.ones((40, 17, 3))
    points[..., 0], points[..., 1] = (3 * time - 0.2 * time**2)[:, None], (500 - 7 * time)[:, None]
    assert np.allclose(smooth(points, fps=30), points, atol=0.05)


def test_a_swing_keeps_its_height_and_time():
    time = np.arange(90) / 30
    points = np.ones((90, 17, 3))
    points[..., :2] = 100 * np.sin(2 * np.pi * 1.5 * time)[:, None, None]
    smoothed = smooth(points, fps=30)
    assert np.abs(smoothed - points).max() < 1.5


def test_unseen_points_stay_and_do_not_pull(walk):
    points = walk(40)
    points[10:20, 5] = 0
    spoiled = points.copy()
    spoiled[10:20, 5, :2] = 5000
    assert np.array_equal(smooth(points, fps=30)[:, :, 2], points[:, :, 2])
    assert not smooth(points, fps=30)[10:20, 5].any()
    assert np.array_equal(smooth(points, fps=30)[:10], smooth(spoiled, fps=30)[:10])


def test_a_lone_point_stays_where_it_is(walk):
    points = walk(40)
    points[:20, 5], points[21:, 5] = 0, 0
    assert np.allclose(smooth(points, fps=30)[20, 5], points[20, 5], atol=1e-3)


@pytest.mark.parametrize("fps", [5, 10, 12])
def test_slow_rates_are_left_alone(walk, fps):
    assert np.array_equal(smooth(walk(20, fps), fps=fps), walk(20, fps))

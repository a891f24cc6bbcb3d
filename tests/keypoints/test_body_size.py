import numpy as np
import pytest

from vimo_pipeline.keypoints.cleaning.body_size import body_size, middle, spread
from vimo_pipeline.keypoints.cleaning.flips import swap_sides


def test_size_follows_scale_and_forgets_place_and_sides(walk):
    points = walk(30)
    larger = points * (2, 2, 1) + (100, -50, 0)
    assert np.allclose(spread(larger), 2 * spread(points), rtol=1e-4)
    assert np.allclose(spread(swap_sides(points)), spread(points), rtol=1e-5)
    assert np.allclose(middle(swap_sides(points)), middle(points), rtol=1e-5)


def test_a_standing_person_is_about_three_sizes_high(walk):
    assert body_size(walk(30, height=400), fps=30).mean() == pytest.approx(0.3 * 400, rel=0.1)


def test_unseen_frames_and_bad_frames_do_not_disturb(walk):
    points = walk(60)
    usual = body_size(points, fps=30)
    points[20:25] = 0
    points[40, 3, :2] = 9999
    assert np.allclose(body_size(points, fps=30), usual, rtol=0.05)


def test_nobody_has_a_size_that_divides():
    assert (body_size(np.zeros((5, 17, 3)), fps=30) > 0).all()

from dataclasses import replace

import numpy as np
import pytest

from vimo_pipeline.keypoints import fuse_views
from vimo_pipeline.keypoints.fusion import best_views


def with_confidence(keypoints, confidence):
    points = keypoints.points.copy()
    points[..., 2] = np.broadcast_to(confidence, (17, len(points))).T
    return replace(keypoints, points=points)


def test_one_view_is_itself(walk, as_keypoints):
    fused = fuse_views([as_keypoints(walk())])
    assert np.array_equal(fused.points, walk()) and fused.cuts == ()


def test_the_view_that_sees_more_is_shown_and_the_change_is_a_cut(walk, as_keypoints):
    front, side = as_keypoints(walk(90)), as_keypoints(walk(90, heading=1.5))
    front = with_confidence(front, np.where(np.arange(90) < 40, 0.9, 0.0))
    fused = fuse_views([front, with_confidence(side, 0.5)])
    assert np.array_equal(fused.points[:40], front.points[:40])
    assert np.array_equal(fused.xy[40:], side.xy[40:])
    assert fused.cuts == (40,)


def test_a_blink_does_not_change_the_view(walk, as_keypoints):
    blinking = with_confidence(as_keypoints(walk(90)), np.where(np.arange(90) // 5 == 8, 0.2, 0.8))
    assert fuse_views([blinking, with_confidence(as_keypoints(walk(90)), 0.7)]).cuts == ()


def test_the_path_is_the_best_of_all_paths():
    """Against trying every path."""
    confidence = np.random.default_rng(0).random((2, 9))
    paths = (np.arange(512)[:, None] >> np.arange(9)) & 1  # [512, T]
    gain = confidence[paths, np.arange(9)].sum(1) - 0.4 * np.abs(np.diff(paths)).sum(1)
    assert np.array_equal(best_views(confidence, change_cost=0.4), paths[gain.argmax()])


def test_the_order_of_views_does_not_matter(walk, as_keypoints):
    generator = np.random.default_rng(0)
    views = [with_confidence(as_keypoints(walk(60, x=x)), generator.random(60)) for x in (100, 300, 500)]
    assert np.array_equal(fuse_views(views).points, fuse_views(views[::-1]).points)


def test_cuts_of_a_view_count_while_it_is_shown(walk, as_keypoints):
    shown = as_keypoints(walk(60), cuts=(20,))
    hidden = with_confidence(as_keypoints(walk(60), cuts=(30,)), 0.1)
    assert fuse_views([hidden, shown]).cuts == (20,)


def test_views_that_do_not_fit(walk, as_keypoints):
    with pytest.raises(ValueError, match="no views"):
        fuse_views([])
    with pytest.raises(ValueError, match="same length"):
        fuse_views([as_keypoints(walk(60)), as_keypoints(walk(61))])
    with pytest.raises(ValueError, match="same length and fps"):
        fuse_views([as_keypoints(walk(60)), as_keypoints(walk(60), fps=25.0)])

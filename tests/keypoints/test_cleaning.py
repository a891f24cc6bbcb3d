import numpy as np
import pytest

from vimo_pipeline.keypoints import clean
from vimo_pipeline.keypoints.cleaning.clean import fill_gaps, mask_around_cuts, mask_outliers, mask_unreliable
from vimo_pipeline.keypoints.cleaning.flips import swap_sides

HEIGHT = 400.0  # of the walker in pixels


def far(one, other) -> float:
    """Largest distance in heights of the person."""
    return float(np.linalg.norm(one[..., :2] - other[..., :2], axis=-1).max() / HEIGHT)


def test_a_clean_walk_comes_back_nearly_unchanged(walk, as_keypoints):
    cleaned = clean(as_keypoints(walk()))
    assert far(cleaned.points, walk()) < 0.005
    assert (cleaned.confidence == np.float32(0.9)).all() and cleaned.cuts == ()


def test_cleaning_twice_is_cleaning_once(walk, as_keypoints):
    noisy = walk() + np.random.default_rng(0).normal(0, (3, 3, 0.1), (90, 17, 3))
    noisy[..., 2] = noisy[..., 2].clip(0, 1)
    once = clean(as_keypoints(noisy))
    twice = clean(once)
    assert far(once.points, twice.points) < 0.01
    assert np.array_equal(once.confidence, twice.confidence)


def test_noise_gets_less(walk, as_keypoints):
    noisy = walk()
    noisy[..., :2] += np.random.default_rng(0).normal(0, 4, (90, 17, 2))
    cleaned = clean(as_keypoints(noisy))

    def off(points, order):
        return np.abs(np.diff(points[..., :2] - walk()[..., :2], order, axis=0)).mean()

    assert off(cleaned.points, 0) < 0.8 * off(noisy, 0)
    assert off(cleaned.points, 1) < 0.5 * off(noisy, 1)


@pytest.mark.parametrize("first, last", [(0, 9), (30, 31), (40, 65), (85, 90)])
def test_a_flip_does_not_matter(walk, as_keypoints, first, last):
    flipped = walk(heading=0.1)
    flipped[first:last] = swap_sides(flipped[first:last])
    assert far(clean(as_keypoints(flipped)).points, walk(heading=0.1)) < 0.01


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0])
def test_rates(walk, as_keypoints, fps):
    points = walk(round(3 * fps), fps)
    assert far(clean(as_keypoints(points, fps)).points, points) < 0.01


def test_doubtful_keypoints_and_those_outside_the_picture_are_masked(walk):
    points = walk(5)
    points[1, 3, 2], points[2, 4, 0], points[3, 5, 1] = 0.2, -100, 900
    masked = mask_unreliable(points, 1280, 720)
    assert not masked[[1, 2, 3], [3, 4, 5]].any()
    assert (masked[..., 2] > 0).sum() == 5 * 17 - 3


def test_the_first_tenth_of_a_second_of_a_shot_and_the_frame_before_are_masked(walk):
    masked = mask_around_cuts(walk(20), (0, 10, 19), fps=30)
    assert np.flatnonzero(~masked[..., 2].any(-1)).tolist() == [0, 1, 2, 9, 10, 11, 12, 18, 19]


def test_a_single_leap_is_masked_and_a_fast_swing_is_not(walk):
    points = walk(30)
    points[10, 9, 0] += 0.3 * HEIGHT
    masked = mask_outliers(points, fps=30)
    assert np.argwhere(masked[..., 2] == 0).tolist() == [[10, 9]]
    swing = walk(30)
    swing[:, 9, 1] += 0.4 * HEIGHT * np.sin(2 * np.pi * 3 * np.arange(30) / 30)  # three times a second
    assert np.array_equal(mask_outliers(swing, fps=30), swing)


def test_short_gaps_are_filled_on_the_line_and_long_ones_stay(walk):
    points = walk(60)
    points[10:15, 7] = 0
    points[30:50, 8] = 0
    filled = fill_gaps(points, fps=30)
    line = np.linspace(points[9, 7, :2], points[15, 7, :2], 7)[1:-1]
    assert np.allclose(filled[10:15, 7, :2], line, atol=1e-3)
    assert (filled[10:15, 7, 2] > 0).all() and (filled[10:15, 7, 2] < 0.9).all()
    assert not filled[30:50, 8].any()
    untouched = np.ones((60, 17), bool)
    untouched[10:15, 7] = False
    assert np.array_equal(filled[untouched], points[untouched])


def test_nothing_is_filled_or_smoothed_across_a_cut(walk, as_keypoints):
    points = np.concatenate([walk(30), walk(30, x=900, height=200)])
    cleaned = clean(as_keypoints(points, cuts=(30,)))
    assert not cleaned.points[29:33].any()
    assert far(cleaned.points[:29], points[:29]) < 0.01 and far(cleaned.points[33:], points[33:]) < 0.01


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_very_short_clips(walk, as_keypoints, frames):
    assert far(clean(as_keypoints(walk(frames))).points, walk(frames)) < 0.01


def test_nobody_stays_nobody(as_keypoints):
    assert not clean(as_keypoints(np.zeros((20, 17, 3)))).points.any()

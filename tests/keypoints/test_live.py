"""Detections that come in one by one: when they are, and what cleaning makes of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from vimo_pipeline.keypoints import Keypoints, clean
from vimo_pipeline.keypoints.cleaning.flips import swap_sides
from vimo_pipeline.keypoints.live.live_cleaning import LiveCleaner, nearest_person
from vimo_pipeline.keypoints.live.looking import Looker, together
from vimo_pipeline.keypoints.live.steady_time import SteadyTime

SIZE = {"width": 640, "height": 480}


def walking(frames: int) -> np.ndarray:
    """Somebody who crosses the picture, [T, 17, 3]."""
    rest = np.random.default_rng(0).uniform(100, 300, (1, 17, 2))
    swing = np.array([40, 10]) * np.sin(np.arange(frames) / 8)[:, None, None]
    points = np.concatenate([rest + swing, np.full((frames, 17, 1), 0.9)], -1)
    return points.astype(np.float32)


def pushed(clock: SteadyTime, points: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    frames = [frame for row, time in zip(points, times, strict=True) for frame in clock.push(row, time)]
    return np.array([frame.seconds for frame in frames]), np.stack([frame.points for frame in frames])


def test_at_the_right_rate_nothing_changes():
    points = walking(20)
    clock = SteadyTime(30.0, longest=2.0)
    assert all(clock.push(row)[0].points is row for row in points)


def test_a_trembling_clock_gives_even_times_and_positions_on_the_path():
    points, times = walking(60), np.arange(60) / 30
    uneven = times + 0.008 * np.random.default_rng(0).uniform(-1, 1, 60)
    uneven[0] = 0
    there = np.stack([np.interp(uneven, times, curve) for curve in points.reshape(60, -1).T], -1)
    seconds, found = pushed(SteadyTime(30.0, longest=2.0), there.reshape(points.shape), uneven)
    assert_allclose(seconds, times[: len(seconds)], atol=1e-9)
    assert_allclose(found, points[: len(found)], atol=1.5)  # up to a quarter of a frame early


def test_half_the_rate_gives_every_second_frame_in_between():
    points = walking(21)
    seconds, found = pushed(SteadyTime(30.0, longest=2.0), points[::2], np.arange(11) / 15)
    assert_allclose(seconds, np.arange(21) / 30, atol=1e-9)
    assert_allclose(found, points, atol=0.5)


def test_a_gap_stays_empty_and_a_long_one_is_cut_short():
    clock, (here, there) = SteadyTime(30.0, longest=2.0), walking(2)
    clock.push(here, 10.0)
    frames = clock.push(there, 11.0)
    assert [bool(frame.points.any()) for frame in frames] == [False] * 29 + [True]
    frames = clock.push(here, 5000.0)
    assert len(frames) == 61 and frames[-1].points is here
    assert frames[-1].seconds == pytest.approx(5000.0)


def test_time_goes_on_after_a_refusal():
    clock, points = SteadyTime(30.0, longest=2.0), walking(3)
    clock.push(points[0], 1.0)
    with pytest.raises(ValueError, match="must rise"):
        clock.push(points[1], 1.0)
    assert len(clock.push(points[1], 1.0 + 1 / 30)) == 1


def test_live_cleaning_ends_up_with_what_cleaning_says():
    points = walking(40)
    points[12, 9, :2] += 90  # an outlier
    points[20:23, 15] = 0  # a short gap
    cleaner = LiveCleaner(fps=30.0, **SIZE)
    live = np.stack([cleaner.push(row[None])[-min(7, 1 + at)] for at, row in enumerate(points)])
    whole = clean(Keypoints(points, 30.0, **SIZE)).points
    assert_allclose(live[6 + 12 : 40, :, :2], whole[12:34, :, :2], atol=2)


def test_sides_stay_right_for_longer_than_the_memory():
    points = walking(80)
    swapped = points.copy()
    swapped[10:] = swap_sides(points[10:])
    cleaner = LiveCleaner(fps=30.0, **SIZE)
    live = np.stack([cleaner.push(row[None])[-1] for row in swapped])
    assert_allclose(live[14:, :, :2], points[14:, :, :2], atol=8)


def test_who_is_followed():
    small, large = walking(1)[0], walking(1)[0]
    large[:, :2] *= 1.5
    people = np.stack([small, large])
    assert nearest_person(people, None) is not None
    assert_allclose(nearest_person(people, None), large)
    assert_allclose(nearest_person(people, small), small)
    assert not nearest_person(people[:0], small).any()


def test_what_is_seen_together_is_what_is_seen_one_by_one():
    points = walking(12)
    looker = Looker(fps=30.0, longest=2.0)
    sights = [looker.look(row) for row in points]
    both = together(sights[9:])
    assert both.times == pytest.approx([9 / 30, 10 / 30, 11 / 30])
    assert_allclose(both.lately, sights[-1].lately)
    assert len(both.lately) == 12

import numpy as np
import pytest

from vimo_pipeline.keypoints import COCO_NAMES
from vimo_pipeline.keypoints.cleaning.flips import (
    LEGS,
    MIRRORED,
    WHOLE_BODY,
    find_flips,
    swap_sides,
    undo_flips,
)


def test_mirroring_exchanges_the_names():
    assert COCO_NAMES[MIRRORED[COCO_NAMES.index("left_wrist")]] == "right_wrist"
    assert MIRRORED[COCO_NAMES.index("nose")] == COCO_NAMES.index("nose")
    assert [MIRRORED[joint] for joint in MIRRORED] == WHOLE_BODY


def test_swapping_twice_is_nothing(walk):
    for joints in (WHOLE_BODY, LEGS):
        assert np.array_equal(swap_sides(swap_sides(walk(), joints), joints), walk())


@pytest.mark.parametrize("joints", [WHOLE_BODY, LEGS], ids=["body", "legs"])
@pytest.mark.parametrize("heading", [0.0, 0.8, np.pi])
def test_flips_are_found_where_they_are(walk, joints, heading):
    points = walk(90, heading=heading)
    flipped = np.zeros(90, bool)
    flipped[20:31] = flipped[60:62] = True
    points[flipped] = swap_sides(points[flipped], joints)
    assert np.array_equal(find_flips(points, joints, fps=30), flipped)


def test_legs_that_cross_in_profile_are_left_alone(walk):
    points = walk(120, heading=np.pi / 2, pace=1.0)
    assert np.array_equal(undo_flips(points, fps=30), points)


@pytest.mark.parametrize("turns", [0.5, 1.0, 2.0])
def test_a_spinning_body_is_left_alone(walk, turns):
    """Up to two turns a second."""
    points = walk(60, heading=0.0)
    middle = points[:, :1, 0] * 0 + points[..., 0].mean(-1, keepdims=True)
    points[..., 0] = (
        middle + (points[..., 0] - middle) * np.cos(2 * np.pi * turns * np.arange(60) / 30)[:, None]
    )
    assert not find_flips(points, fps=30).any()


def test_of_two_stories_the_longer_one_is_believed(walk):
    points = walk(90, heading=0.0)
    mostly_flipped = points.copy()
    mostly_flipped[30:] = swap_sides(points[30:])
    assert np.array_equal(undo_flips(mostly_flipped, fps=30), swap_sides(points))


def test_unseen_frames_are_skipped(walk):
    points = walk(60, heading=0.0)
    points[20:25] = 0
    points[25:35] = swap_sides(points[25:35])
    assert np.flatnonzero(find_flips(points, fps=30)).tolist() == list(range(25, 35))

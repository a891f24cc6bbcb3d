import numpy as np
import pytest

from vimo_pipeline.keypoints.cleaning.tracking import find_tracks, follow_person, list_people

NOBODY = np.zeros((0, 17, 3), np.float32)


def crowd(*people: np.ndarray, seed: int = 0) -> list[np.ndarray]:
    """Everyone seen in every frame, in an order that means nothing; all zero is not seen."""
    generator = np.random.default_rng(seed)
    frames = []
    for poses in zip(*people, strict=True):
        present = [pose for pose in poses if pose[:, 2].any()]
        frames.append(
            np.stack([present[i] for i in generator.permutation(len(present))]) if present else NOBODY
        )
    return frames


def test_each_person_is_followed_though_their_order_changes(walk):
    large, small = walk(90, x=200), walk(90, x=900, height=250)
    people = crowd(small, large)
    assert np.array_equal(follow_person(people, fps=30), large)
    assert np.array_equal(follow_person(people, 0, fps=30), large)
    assert np.array_equal(follow_person(people, 1, fps=30), small)


def test_people_who_pass_each_other_are_not_exchanged(walk):
    right, left = walk(90, x=200, pace=1.5, height=420), walk(90, x=1200, pace=-1.5, height=330)
    assert np.array_equal(follow_person(crowd(right, left), fps=30), right)


def test_a_person_who_was_hidden_is_the_same_person(walk):
    hidden, other = walk(90, x=200, pace=0.1), walk(90, x=900, height=200, pace=0.1)
    hidden[30:65] = 0
    assert np.array_equal(follow_person(crowd(hidden, other), fps=30), hidden)


def test_who_is_seen_longer_comes_first(walk):
    brief, lasting = walk(90, x=200), walk(90, x=900, height=300)
    brief[20:] = 0
    people = crowd(brief, lasting)
    assert np.array_equal(follow_person(people, fps=30), lasting)
    listed = list_people(people, fps=30)
    assert [person.index for person in listed] == [0, 1]
    assert [person.seconds for person in listed] == pytest.approx([3.0, 20 / 30])
    left, top, right, bottom = listed[1].box
    assert left < 200 < right and 180 < top < bottom < 620


def test_people_are_counted_in_every_shot(walk):
    first, second = walk(60, x=200, height=400), walk(60, x=900, height=250)
    after = [walk(30, x=300, height=200), walk(30, x=800, height=420)]
    people = crowd(first, second) + crowd(*after)
    points = follow_person(people, fps=30, cuts=(60,))
    assert np.array_equal(points, np.concatenate([first, after[1]]))


def test_a_lone_detection_is_taken_as_it_comes(walk):
    points = np.concatenate([walk(30), walk(30, x=1000)])
    assert np.array_equal(follow_person([pose[None] for pose in points], fps=30), points)


def test_people_who_do_not_exist(walk):
    with pytest.raises(ValueError, match=r"person 1 does not exist: 1 found"):
        follow_person(crowd(walk(30)), 1, fps=30)
    with pytest.raises(ValueError, match="0 or more"):
        follow_person(crowd(walk(30)), -1, fps=30)
    assert find_tracks([NOBODY] * 5, fps=30) == []

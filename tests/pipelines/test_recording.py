import pytest

from vimo_pipeline.pipelines.recording import Recording

from ..data.conftest import swinging

STEP = 1 / 30  # seconds


def test_a_recording_stands_still_where_nothing_came():
    recording, motion = Recording(), swinging(6, seed=1)
    recording.add(motion.frames(0, 2), STEP)
    recording.add(None, STEP)
    recording.add(motion.frames(2, 6), 1 + 5 * STEP)
    whole = recording.motion()
    assert len(whole) == len(recording) == 36
    assert whole.frames(2, 32).rotations.eq(motion.rotations[1]).all()
    assert whole.frames(32, 36).rotations.equal(motion.rotations[2:])


def test_only_the_newest_seconds_are_kept():
    recording, motion = Recording(longest=20 * STEP), swinging(60, seed=1)
    for start in range(0, 60, 3):
        recording.add(motion.frames(start, start + 3), (start + 2) * STEP)
    assert recording.motion().rotations.equal(motion.rotations[40:])


def test_a_long_absence_leaves_no_more_than_is_kept():
    recording, motion = Recording(longest=20 * STEP), swinging(2, seed=1)
    recording.add(motion.frames(0, 1), 0.0)
    recording.add(motion.frames(1, 2), 1e6)
    assert len(recording) == 20
    assert recording.motion().rotations[-1].equal(motion.rotations[1])


def test_an_empty_recording_says_so():
    with pytest.raises(ValueError, match="nobody was seen"):
        Recording().motion()

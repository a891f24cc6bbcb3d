"""`Mask`: what is known of a motion, by name."""

import pytest
import torch

from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.mask import CHANNELS, COLUMNS, GROUPS, Mask, columns_of, frame_numbers
from vimo_pipeline.motion.skeleton import JOINT_NAMES


def test_frames_are_named_in_several_ways():
    assert frame_numbers("0:3,7", 10) == [0, 1, 2, 7]
    assert frame_numbers("8:", 10) == frame_numbers(slice(8, None), 10) == frame_numbers([8, 9], 10) == [8, 9]
    assert frame_numbers(None, 3) == [0, 1, 2] and frame_numbers(4, 10) == [4]


@pytest.mark.parametrize("frames", ["5:3", "3:3", "a:b", "0:11", "10", "", [-1], "-2:5"])
def test_frames_that_are_not_there_are_refused(frames):
    with pytest.raises(ValueError, match=r"span|frames"):
        Mask.nothing(10).keep(frames=frames)


def test_an_unknown_group_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown joint group 'tail'.*left_arm.*path"):
        Mask.everything(10).hide("tail")


def test_halves_of_the_body_make_the_body_and_share_nothing():
    upper, lower = (set(columns_of(half)) for half in ("upper_body", "lower_body"))
    assert upper | lower == set(columns_of("body")) and not upper & lower
    assert set(columns_of("body", "root")) == set(COLUMNS) == {*JOINT_NAMES, *CHANNELS}
    assert all(set(columns) <= set(COLUMNS) for columns in GROUPS.values())


def test_keeping_and_hiding_undo_each_other():
    mask = Mask.everything(20).hide("left_arm", frames="5:9")
    assert not mask.joints[5, JOINT_NAMES.index("left_wrist")] and mask.joints[4].all()
    assert torch.equal(mask.keep("left_arm").kept, Mask.everything(20).kept)
    assert torch.equal((~mask).kept, Mask.nothing(20).keep("left_arm", frames="5:9").kept)
    assert (mask | ~mask).kept.all() and not (mask & ~mask).kept.any()


def test_features_follow_the_columns():
    features = Mask.nothing(2).keep("left_knee", "height", frames=[1]).features()
    known = unpack_features(torch.where(features, 5.0, 0.0))
    assert features.shape == (2, 151) and not features[0].any() and features[1].sum() == 7
    assert known.root[1].tolist() == [0, 5, 0] and not known.contacts.any()
    alike = MotionFeatures(torch.zeros(24, 3, 3), torch.zeros(4), torch.zeros(3)).pack()
    assert Mask.nothing(1).keep("path", "contacts").features()[0].sum() == 6 and len(alike) == 151


def test_a_mask_says_what_it_keeps():
    mask = Mask.nothing(150).keep(frames="0:30,120:150").keep("upper_body", "root", frames="30:60")
    lines = str(mask).splitlines()
    assert lines[0] == "keeps 60 of 150 frames whole"
    assert [line.split() for line in lines[1:]] == [
        ["0:30", "everything"],
        ["30:60", "upper_body,", "root"],
        ["60:120", "nothing"],
        ["120:150", "everything"],
    ]
    assert "everything but left_arm" in str(Mask.everything(9).hide("left_arm"))


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\[T, 27\]"):
        Mask(torch.ones(5, 24, dtype=torch.bool))

"""Feet held in what was imagined: by legs where the path is known, by the path where it is open."""

from dataclasses import replace

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.foot_locking import lock_features
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines.completing.feet import hold_feet, open_path
from vimo_pipeline.pipelines.completing.keeping import Known, keep

from ...motion.test_foot_locking import ELSEWHERE, skate, stepping

_FAST = stepping()
SLIDING = replace(_FAST, root=_FAST.root.lerp(_FAST.root[:1], 0.7))  # 9 cm/s: no more than legs make up for
FRAMES = len(SLIDING)
GAP = Mask.everything(FRAMES).hide(frames="30:90")


def held(mask: Mask) -> Motion:
    known = Known.of(SLIDING, mask)
    return Motion.unpack(hold_feet(SLIDING.pack()[None], known, fps=SLIDING.fps)[0])


@pytest.mark.parametrize(
    ("mask", "open_frames"),
    [
        (GAP, []),
        (Mask.nothing(FRAMES).keep(frames="40:60,80:100"), [*range(40), *range(100, FRAMES)]),
        (Mask.everything(FRAMES).hide("legs", "contacts"), []),
        (Mask.nothing(FRAMES).keep("left_arm"), [*range(FRAMES)]),
    ],
    ids=["a gap", "both ends", "legs", "an arm alone"],
)
def test_a_path_is_open_before_and_behind_its_known_places(mask, open_frames):
    assert open_path(Known.of(SLIDING, mask)).nonzero()[:, 0].tolist() == open_frames


def test_between_known_places_legs_alone_hold_the_feet():
    motion = held(GAP)
    torch.testing.assert_close(motion.root, SLIDING.root, atol=1e-4, rtol=0)
    torch.testing.assert_close(
        motion.joints()[:, ELSEWHERE], SLIDING.joints()[:, ELSEWHERE], atol=1e-4, rtol=0
    )
    middle = slice(45, 75)  # beside the seams legs are still on their way
    before, after = (
        Motion(each.rotations[middle], each.root[middle], each.contacts[middle]) for each in (SLIDING, motion)
    )
    assert skate(after, before.contacts) < 0.33 * skate(before, before.contacts)


def test_an_open_path_follows_its_feet():
    mask = Mask.nothing(FRAMES).keep(frames="0:40")
    motion = held(mask)
    gone, of_body = (float((each.root[-1] - each.root[40]).norm()) for each in (motion, SLIDING))
    assert gone < 0.5 * of_body  # it walks on the spot and glides
    torch.testing.assert_close(motion.root[:40], SLIDING.root[:40], atol=1e-4, rtol=0)


def test_where_no_place_is_known_feet_are_held_as_in_any_motion():
    known = Known.of(SLIDING, Mask.nothing(FRAMES).keep("left_arm"))
    features = SLIDING.pack()[None]
    wanted = keep(lock_features(features, fps=SLIDING.fps, level=True), known)
    mine = Motion.unpack(hold_feet(features, known, fps=SLIDING.fps)[0])
    torch.testing.assert_close(mine.joints(), Motion.unpack(wanted[0]).joints(), atol=5e-3, rtol=0)

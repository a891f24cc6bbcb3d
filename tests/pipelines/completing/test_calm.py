"""What is imagined is drawn towards the shortest way, the likeliest a little and the calmest most."""

from functools import partial

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.bridging import bridge
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.mask import COLUMNS, Mask
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from vimo_pipeline.pipelines import Reach, ViMoCompletionPipeline
from vimo_pipeline.pipelines.completing.calm import (
    CALMEST,
    calm_down,
    calmed,
    gaps_of,
    has_calm,
    shortest_way,
)
from vimo_pipeline.pipelines.completing.keeping import Known, keep

from ..conftest import keypoints_of, tamed, tiny_pipeline
from .test_keeping import FRAMES, wandering

GAP = Mask.nothing(FRAMES).keep(frames="0:10,30:40")
MIDDLE = slice(15, 25)


def shortest(motion: Motion, mask: Mask = GAP) -> Motion:
    features = bridge(unpack_features(motion.pack()[None]), mask.kept[None])
    return Motion.unpack(features.pack()[0])


def off(motion: Motion, other: Motion) -> float:
    """Metres between joints in the middle of the gap."""
    return float((motion.joints() - other.joints())[MIDDLE].norm(dim=-1).mean())


def imagined(known: Known) -> torch.Tensor:
    return keep(wandering(2).pack()[None], known)


def test_it_lies_between_what_was_imagined_and_the_shortest_way():
    known = Known.of(wandering(1), GAP)
    first, last, calm = (
        Motion.unpack(calmed(imagined(known), shortest_way(known), known, share)[0])
        for share in (0.0, 1.0, CALMEST)
    )
    assert off(calm, last) == pytest.approx((1 - CALMEST) * off(first, last), rel=0.15)
    assert off(calm, first) == pytest.approx(CALMEST * off(first, last), rel=0.15)


def test_no_share_changes_nothing_and_all_of_it_is_the_shortest_way_turned_off_smoothly():
    motion = wandering(1)
    known = Known.of(motion, GAP)
    first, none, last = (
        Motion.unpack(each[0])
        for each in (
            imagined(known),
            *(calmed(imagined(known), shortest_way(known), known, share) for share in (0.0, 1.0)),
        )
    )
    torch.testing.assert_close(none.joints(), first.joints(), atol=1e-3, rtol=0)
    assert off(last, shortest(motion)) < 0.5 * off(first, shortest(motion))


@pytest.mark.parametrize("share", [0.25, CALMEST])
def test_what_is_known_stays(share):
    motion = wandering(1)
    known = Known.of(motion, GAP)
    calm = Motion.unpack(calmed(imagined(known), shortest_way(known), known, share)[0])
    torch.testing.assert_close(
        calm.joints()[GAP.whole_frames], motion.joints()[GAP.whole_frames], atol=1e-4, rtol=0
    )


def test_who_waits_and_is_imagined_waiting_goes_on_waiting():
    pose = wandering(1)
    frames = torch.zeros(FRAMES, dtype=torch.long)
    waiting = Motion(pose.rotations[frames], pose.root[frames], pose.contacts[frames])
    known = Known.of(waiting, GAP)
    calm = calmed(waiting.pack()[None], shortest_way(known), known, 0.5)
    torch.testing.assert_close(Motion.unpack(calm[0]).joints(), waiting.joints(), atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("hypotheses", "mask", "wanted"),
    [
        (4, GAP, True),
        (3, GAP, False),
        (8, Mask.everything(FRAMES).hide("left_arm"), False),
        (8, Mask.everything(FRAMES).hide("left_arm", frames="5:30"), True),
    ],
)
def test_one_of_four_is_calm_where_a_shortest_way_is_known(hypotheses, mask, wanted):
    assert has_calm(hypotheses, Known.of(wandering(), mask)) is wanted


GAP_AND_END = Mask.nothing(FRAMES).keep(frames="0:10,30").keep("left_arm", frames="0:35")


def test_gaps_lie_between_known_frames_and_nothing_beyond_them_is_one():
    gaps = gaps_of(Known.of(wandering(), GAP_AND_END))
    legs = COLUMNS.index("left_hip")
    arm = COLUMNS.index("left_shoulder")
    assert gaps[:, legs].nonzero()[:, 0].tolist() == list(range(10, 30))
    assert not gaps[:, arm].any()


def test_what_is_missing_from_end_to_end_is_no_gap():
    assert not gaps_of(Known.of(wandering(), Mask.everything(FRAMES).hide("left_arm"))).any()


def test_an_open_end_beside_a_gap_is_left_as_it_was_imagined():
    known = Known.of(wandering(1), GAP_AND_END)
    calm, lively = (
        calm_down(imagined(known), partial(shortest_way, known), known, first=share, last=False)
        for share in (0.5, 0.0)
    )
    torch.testing.assert_close(calm[:, 31:], lively[:, 31:], atol=1e-4, rtol=0)
    assert (calm - lively)[:, 15:25].abs().max() > 0.01


@pytest.mark.parametrize(("mask", "share"), [(GAP, 0.0), (Mask.nothing(FRAMES).keep(frames="0:15"), 0.5)])
def test_nobody_asks_for_the_way_where_nothing_is_calmed(mask, share):
    known = Known.of(wandering(1), mask)
    whole, asked = imagined(known), partial(pytest.fail, "the way was asked for")
    assert torch.equal(calm_down(whole, asked, known, first=share, last=False), whole)


@pytest.mark.parametrize(
    ("mask", "options", "calmer"),
    [
        (GAP, {}, True),
        (Mask.nothing(FRAMES).keep(frames="0:10,30"), {}, True),
        (Mask.nothing(FRAMES).keep(frames="0:15"), {}, False),
        (GAP, {"keypoints": keypoints_of(FRAMES)}, False),
        (GAP, {"constraints": [Reach("left_hand", 20, torch.tensor([0.2, 1.0, 0.3]))]}, False),
        (GAP, {"likeliest_first": False}, False),
    ],
    ids=["a gap", "a gap and an open end", "an open end", "a guide", "a target", "drawn"],
)
def test_the_likeliest_is_calmed_where_nothing_but_what_is_known_leads_it(mask, options, calmer):
    pipe = ViMoCompletionPipeline.from_pipe(tamed(tiny_pipeline()))
    pipe.set_progress_bar_config(disable=True)
    motion = wandering(1)
    calm, lively = (
        pipe(
            motion,
            mask,
            calming=calming,
            num_inference_steps=2,
            foot_lock=False,
            generator=torch.Generator().manual_seed(0),
            **options,
        ).motions[0]
        for calming in (0.75, 0.0)
    )
    if calmer:
        assert off(calm, shortest(motion)) < 0.8 * off(lively, shortest(motion))
    else:
        assert torch.equal(calm.rotations, lively.rotations)


def test_the_last_of_four_is_the_nearest_to_the_shortest_way():
    pipe = ViMoCompletionPipeline.from_pipe(tamed(tiny_pipeline()))
    pipe.set_progress_bar_config(disable=True)
    motion = wandering(1)
    options = {"num_hypotheses": 4, "num_inference_steps": 2, "foot_lock": False}
    generators = [torch.Generator().manual_seed(seed) for seed in range(4)]
    motions = pipe(motion, GAP, generator=generators, **options).motions
    away = [off(one, shortest(motion)) for one in motions]
    assert len(motions) == 4 and away[3] == min(away)
    guided = pipe(
        motion, GAP, keypoints=keypoints_of(FRAMES), generator=torch.Generator().manual_seed(0), **options
    )
    assert len(guided.motions) == 4


def test_between_opposite_ways_nothing_jumps():
    """An arm that two ways turn to opposite sides, a little more and a little less than half a turn apart."""
    motion = wandering(1)
    known = Known.of(motion, GAP)
    ours = unpack_features(imagined(known))
    share = (torch.arange(FRAMES) - 9).clamp(0, 10) / 10 * ((30 - torch.arange(FRAMES)).clamp(0, 10) / 10)
    wave = torch.pi * share * (1 + 0.05 * torch.sin(2.0 * torch.arange(FRAMES)))
    turned = ours.rotations.clone()
    turned[0, :, 16] = turned[0, :, 16] @ axis_angle_to_matrix(wave[:, None] * torch.tensor([0.0, 0, 1]))
    calm = unpack_features(calmed(ours.pack(), ours._replace(rotations=turned).pack(), known, 0.5))
    steps = matrix_to_axis_angle(calm.rotations[0, :-1, 16].mT @ calm.rotations[0, 1:, 16]).norm(dim=-1)
    own = matrix_to_axis_angle(ours.rotations[0, :-1, 16].mT @ ours.rotations[0, 1:, 16]).norm(dim=-1)
    assert steps.max() < own.max() + 0.2

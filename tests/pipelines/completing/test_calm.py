"""The calmest of several hypotheses."""

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.bridging import bridge
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines import ViMoCompletionPipeline
from vimo_pipeline.pipelines.completing.calm import calmed, has_calm
from vimo_pipeline.pipelines.completing.keeping import Known, keep

from ..conftest import keypoints_of, tiny_pipeline
from .test_keeping import FRAMES, wandering

GAP = Mask.nothing(FRAMES).keep(frames="0:10,30:40")
MIDDLE = slice(15, 25)


def shortest(motion: Motion, mask: Mask = GAP) -> Motion:
    features = bridge(unpack_features(motion.pack()[None]), mask.kept[None])
    return Motion.unpack(features.pack()[0])


def off(motion: Motion, other: Motion) -> float:
    """Metres between joints in the middle of the gap."""
    return float((motion.joints() - other.joints())[MIDDLE].norm(dim=-1).mean())


def test_it_lies_between_the_likeliest_and_the_shortest_way_and_keeps_what_is_known():
    motion = wandering(1)
    known = Known.of(motion, GAP)
    likeliest = keep(wandering(2).pack()[None], known)
    calm, first = Motion.unpack(calmed(likeliest, known)[0]), Motion.unpack(likeliest[0])
    whole = off(first, shortest(motion))
    assert 0.3 * whole < off(calm, first) < 0.75 * whole  # the shortest way turns off smoothly: no two thirds
    assert 0.3 * whole < off(calm, shortest(motion)) < 0.75 * whole
    torch.testing.assert_close(
        calm.joints()[GAP.whole_frames], motion.joints()[GAP.whole_frames], atol=1e-4, rtol=0
    )


def test_who_waits_and_is_imagined_waiting_goes_on_waiting():
    pose = wandering(1)
    frames = torch.zeros(FRAMES, dtype=torch.long)
    waiting = Motion(pose.rotations[frames], pose.root[frames], pose.contacts[frames])
    calm = calmed(waiting.pack()[None], Known.of(waiting, GAP))
    torch.testing.assert_close(Motion.unpack(calm[0]).joints(), waiting.joints(), atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("hypotheses", "mask", "options", "wanted"),
    [
        (4, GAP, {}, True),
        (3, GAP, {}, False),
        (8, GAP, {"guided": True}, False),
        (8, GAP, {"likeliest_first": False}, False),
        (8, Mask.everything(FRAMES).hide("left_arm"), {}, False),
        (8, Mask.everything(FRAMES).hide("left_arm", frames="5:30"), {}, True),
    ],
)
def test_one_of_four_is_calm_where_a_shortest_way_is_known(hypotheses, mask, options, wanted):
    known = Known.of(wandering(), mask)
    options = {"likeliest_first": True, "guided": False} | options
    assert has_calm(hypotheses, known, **options) is wanted


def test_the_last_of_four_is_the_nearest_to_the_shortest_way():
    pipe = ViMoCompletionPipeline.from_pipe(tiny_pipeline())
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

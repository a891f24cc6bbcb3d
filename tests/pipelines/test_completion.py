"""`ViMoCompletionPipeline` keeps what is known, with a tiny untrained model."""

import math

import pytest
import torch

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.motion import JOINT_NAMES, Motion
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines import Reach, ViMoCompletionPipeline
from vimo_pipeline.pipelines.completing.blending import overlapped

from .completing.test_keeping import wandering
from .conftest import keypoints_of, tiny_pipeline


@pytest.fixture
def completing() -> ViMoCompletionPipeline:
    pipe = ViMoCompletionPipeline.from_pipe(tiny_pipeline())
    pipe.set_progress_bar_config(disable=True)
    return pipe


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def complete(pipe: ViMoCompletionPipeline, motion: Motion, mask: Mask | str, **options: object) -> Motion:
    return pipe(motion, mask, **{"num_inference_steps": 2, "generator": seeded(), **options}).motions[0]


def test_it_shares_the_components_of_the_base():
    base = tiny_pipeline()
    pipe = ViMoCompletionPipeline.from_pipe(base)
    assert pipe.transformer is base.transformer and pipe.config.overlap == base.config.overlap == 6
    assert isinstance(pipe, ViMoPipeline)


def test_it_is_saved_and_loaded_like_the_base(completing, tmp_path):
    completing.save_pretrained(tmp_path)
    loaded = ViMoCompletionPipeline.from_pretrained(tmp_path)
    loaded.set_progress_bar_config(disable=True)
    first, second = (complete(pipe, wandering(), "0:10,30:40") for pipe in (completing, loaded))
    torch.testing.assert_close(first.joints(), second.joints())


@pytest.mark.parametrize("mechanism", ["vectorised", "replacement"])
@pytest.mark.parametrize("frames", [20, 24, 70])
def test_known_frames_come_back_where_they_were(completing, mechanism, frames):
    motion = wandering(3, frames=frames)
    mask = Mask.nothing(frames).keep(frames=slice(0, 6)).keep(frames=slice(-5, None))
    result = complete(completing, motion, mask, mechanism=mechanism, resampling=2)
    kept = mask.whole_frames
    assert len(result) == frames
    torch.testing.assert_close(result.joints()[kept], motion.joints()[kept], atol=1e-4, rtol=0)
    assert not torch.allclose(result.joints()[~kept], motion.joints()[~kept], atol=1e-2)


def test_a_limb_is_imagined_and_the_rest_stays(completing):
    motion, mask = wandering(1), Mask.everything(40).hide("left_arm")
    result = complete(completing, motion, mask)
    torch.testing.assert_close(
        result.pack()[mask.features()], motion.pack()[mask.features()], atol=1e-5, rtol=0
    )
    assert not torch.allclose(result.pack(), motion.pack(), atol=1e-2)


def test_hypotheses_differ_only_where_nothing_is_known(completing):
    output = completing(
        wandering(), "0:10", num_hypotheses=3, num_inference_steps=2, generator=seeded(), output_type="pt"
    )
    spread = output.motions.std(0).amax(1)
    assert output.motions.shape == (3, 40, 151)
    assert spread[:10].max() < 1e-5 and spread[15:].min() > 1e-3


def test_more_draws_show_more_of_what_could_be(completing):
    """The likeliest is the same; of the others, centres of clusters, one is nearer to any other draw."""

    def joints(hypotheses: int, draws: int, seed: int = 0) -> torch.Tensor:
        options = {"num_hypotheses": hypotheses, "draws": draws, "num_inference_steps": 2}
        found = completing(wandering(), "0:10", generator=seeded(seed), **options).motions
        return torch.stack([each.joints()[10:].flatten() for each in found])

    plain, many, others = joints(4, draws=1), joints(4, draws=12), joints(20, draws=1, seed=1)
    torch.testing.assert_close(plain[0], many[0])
    away = [torch.cdist(others[1:], each).amin(1).mean() for each in (plain, many)]
    assert len(plain) == len(many) == 4 and away[1] < away[0]


def test_what_is_hidden_is_never_looked_at(completing):
    motion, other = wandering(1), wandering(5)
    mask = Mask.nothing(40).keep(frames="0:10,30:40")
    mixed = Motion.unpack(torch.where(mask.features(), motion.pack(), other.pack()))
    first, second = (complete(completing, each, mask).joints() for each in (motion, mixed))
    torch.testing.assert_close(first, second, atol=1e-4, rtol=0)


def test_the_bridge_tells_frames_at_timestep_zero_and_nothing_else(completing):
    """The paper's replacement knows no bridge; told of one, the gap changes and no known frame does."""
    motion, known = wandering(1), [*range(10), *range(30, 40)]

    def joints(**options):
        return complete(completing, motion, "0:10,30:40", **options).joints()

    told, alone = joints(), joints(bridged=False)
    assert (told - alone).norm(dim=-1).max() > 1e-3
    torch.testing.assert_close(told[known], alone[known], atol=1e-4, rtol=0)
    replaced = joints(mechanism="replacement")
    torch.testing.assert_close(replaced, joints(mechanism="replacement", bridged=False))


def test_the_world_may_be_turned(completing):
    motion = wandering(1)
    here = complete(completing, motion, "5:10,30:40").turn(1.2).joints()
    there = complete(completing, motion.turn(1.2), "5:10,30:40").joints()
    torch.testing.assert_close(here, there, atol=2e-3, rtol=0)


def test_a_guide_changes_the_gap_and_not_what_is_known(completing):
    motion = wandering(1)
    alone = complete(completing, motion, "0:10,30:40")
    guided = complete(completing, motion, "0:10,30:40", keypoints=keypoints_of(20), guide_start=10)
    difference = (alone.joints() - guided.joints()).norm(dim=-1).amax(1)
    assert difference[:10].max() < 1e-4 and difference[30:].max() < 1e-4 and difference[12:28].min() > 1e-3


def test_a_joint_is_where_it_has_to_be_and_a_path_is_walked(completing):
    motion = wandering(1)
    way = Reach("pelvis", frames=[15, 25], places=[[1.0, math.nan, 2.0], [1.5, math.nan, 2.0]])
    walked = complete(completing, motion, "0:10,30:40", constraints=[way])
    place = walked.joints()[20, JOINT_NAMES.index("left_hand")] + torch.tensor([0.05, -0.1, 0.05])
    hand = Reach("left_hand", 20, place)
    result = complete(completing, motion, "0:10,30:40", constraints=[hand, way])
    torch.testing.assert_close(result.root[[15, 25]][:, [0, 2]], torch.tensor([[1.0, 2.0], [1.5, 2.0]]))
    assert (result.joints()[20, JOINT_NAMES.index("left_hand")] - place).norm() < 0.01
    torch.testing.assert_close(result.joints()[:10], motion.joints()[:10], atol=1e-4, rtol=0)


def test_a_blend_starts_as_the_first_and_ends_as_the_second_where_it_leads(completing):
    first, second = wandering(1), wandering(2)
    result = completing.blend(first, second, overlap=12, num_inference_steps=2, generator=seeded()).motions[0]
    assert len(result) == 68
    torch.testing.assert_close(result.joints()[:28], first.joints()[:28], atol=1e-4, rtol=0)
    ends, there = result.frames(40, 68), second.frames(12, 40)
    torch.testing.assert_close(ends.canonical().joints(), there.canonical().joints(), atol=1e-3, rtol=0)


def test_a_motion_overlapped_with_its_own_end_goes_on_as_it_was():
    motion = wandering(1)
    joined, mask = overlapped(motion.frames(0, 25), motion.frames(15, 40).turn(2.0), 10)
    torch.testing.assert_close(joined.joints(), motion.joints(), atol=1e-4, rtol=0)
    assert mask.whole_frames.tolist() == [True] * 15 + [False] * 10 + [True] * 15


MISTAKES = {
    "empty mask": ({"mask": Mask.nothing(40)}, "nothing is known and nothing was seen"),
    "empty mask, guided": (
        {"mask": Mask.nothing(40), "keypoints": keypoints_of(40)},
        "a video alone is for ViMoPipeline",
    ),
    "full mask": ({"mask": Mask.everything(40)}, "nothing to imagine"),
    "another length": ({"mask": Mask.everything(30).hide("arms")}, "for 30 frames, but the motion has 40"),
    "frames outside": ({"mask": "0:30,30:50"}, "not in a motion of 40 frames"),
    "mechanism": ({"mechanism": "magic"}, "one of vectorised, replacement"),
    "resampling": ({"resampling": 0}, "between 1"),
    "draws": ({"draws": 0}, "draws must be between 1"),
    "guide outside": ({"keypoints": keypoints_of(5), "guide_start": 50}, "a frame of the motion, 0:40"),
    "guide of known frames": ({"keypoints": keypoints_of(5)}, "shows nobody in the frames to imagine"),
    "constraint": ({"constraints": [Reach("tail", 3, [0, 0, 0])]}, "unknown joint 'tail'"),
    "places": ({"constraints": [Reach("head", "3:5", [[0, 0, 0]])]}, "one a frame"),
}


@pytest.mark.parametrize(("options", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named(completing, options, message):
    with pytest.raises(ValueError, match=message):
        complete(completing, wandering(), **{"mask": "0:10", **options})


def test_another_frame_rate_and_too_long_an_overlap_are_refused(completing):
    with pytest.raises(ValueError, match=r"60 fps and the model 30.*resample"):
        complete(completing, wandering().resample(60), "0:10")
    with pytest.raises(ValueError, match=r"between 1 and 39 frames"):
        completing.blend(wandering(1), wandering(2), overlap=40)

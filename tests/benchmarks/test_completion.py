"""The figures of completion: the truth has no error, and who waits is bridged without one."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from vimo_pipeline.pipelines import ViMoCompletionPipeline

from ..motion.test_foot_locking import standing, stepping
from ..pipelines.conftest import tiny_pipeline

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from completion import FRAMES, GAPS, best_of, gap, held_stance, waiting_table
from completion_baselines import cubic, slerped
from completion_scores import scores

WALK = stepping(seconds=5.0)


@pytest.fixture(scope="module")
def completion() -> ViMoCompletionPipeline:
    pipe = ViMoCompletionPipeline.from_pipe(tiny_pipeline())
    pipe.set_progress_bar_config(disable=True)
    return pipe


def test_the_truth_has_no_error():
    figures = scores(WALK, WALK, gap(60))
    errors = ("position mm", "rotation °", "rotation in the world °", "kept mm", "kept °")
    assert {figures[name] for name in errors} == {0.0}
    assert figures["seam / own p95"] < 1.5


def test_an_error_counts_where_it_is_missing_and_where_it_was_known():
    mask = gap(60)
    aside = torch.where(mask.whole_frames[:, None], 0.0, torch.tensor([0.05, 0, 0]))
    figures = scores(replace(WALK, root=WALK.root + aside), WALK, mask)
    assert figures["position mm"] == pytest.approx(50, abs=1e-2)
    assert figures["kept mm"] == 0
    figures = scores(replace(WALK, root=WALK.root + 0.01), WALK, mask)
    assert figures["kept mm"] == pytest.approx(10 * 3**0.5, abs=1e-2)


def test_a_body_that_faces_another_way_counts_with_every_joint_in_the_world_and_once_without():
    figures = scores(WALK.turn(math.radians(24)), WALK, gap(60))
    assert figures["rotation in the world °"] == pytest.approx(24, abs=1e-2)
    assert figures["rotation °"] == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize("frames", GAPS)
def test_a_gap_lies_in_the_middle(frames):
    hidden = (~gap(frames).whole_frames).nonzero()[:, 0]
    assert len(hidden) == frames
    assert abs(int(hidden[0]) - (FRAMES - 1 - int(hidden[-1]))) <= 1


@pytest.mark.parametrize("baseline", [slerped, cubic])
def test_who_waits_is_bridged_without_an_error(baseline):
    figures = scores(baseline(standing(FRAMES), gap(90)), standing(FRAMES), gap(90))
    assert figures["position mm"] < 1e-2
    assert figures["rotation °"] < 1e-2


def test_a_stance_is_the_first_frame_on_both_feet_held():
    lifted = standing(FRAMES).contacts.clone()
    lifted[:40, 0] = 0
    motion = replace(WALK, contacts=lifted)
    held = held_stance(motion)
    assert torch.equal(held.root, motion.root[40].expand(FRAMES, 3))
    assert (held.rotations == motion.rotations[40]).all()
    assert held_stance(replace(WALK, contacts=torch.zeros(FRAMES, 4))) is None


def test_people_without_a_stance_are_not_counted(completion):
    jumping = replace(WALK, contacts=torch.zeros(FRAMES, 4))
    table = waiting_table(completion, [standing(FRAMES), jumping])
    assert "1 people" in table.title
    assert list(table.rows) == [f"{frames} frames" for frames in GAPS]


def test_the_best_of_several_is_no_worse_than_the_likeliest(completion):
    best = best_of(completion, WALK, gap(30), seed=0, draws=1)
    likeliest = completion(WALK, gap(30), generator=torch.Generator().manual_seed(0)).motions[0]
    assert best["position mm"] <= scores(likeliest, WALK, gap(30))["position mm"]
    assert best["diversity mm"] > 0

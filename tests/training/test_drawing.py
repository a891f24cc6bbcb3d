"""Batches do not care who draws them or where a run began."""

import pickle

import pytest
import torch
from accelerate import Accelerator

from vimo_pipeline.training.drawing import Draws
from vimo_pipeline.training.loop import Run


@pytest.fixture(scope="module")
def run(tiny_config) -> Run:
    return Run(tiny_config("drawn", steps=3, accumulate=2), Accelerator(cpu=True))


def keypoints(batches) -> list[torch.Tensor]:
    return [batch.keypoints for batch in batches]


def test_a_resumed_run_goes_on_with_the_batches_it_would_have_had(run):
    whole, rest = (keypoints(run.draws.start(first)) for first in (0, 4))
    assert len(whole) == 6
    for expected, drawn in zip(whole[4:], rest, strict=True):
        assert torch.equal(expected, drawn)


@pytest.mark.slow
def test_workers_draw_the_same_in_the_same_order(run, tiny_config):
    helped = Draws(run.bank, tiny_config("helped", steps=3, accumulate=2, workers=2))
    for alone, drawn in zip(keypoints(run.draws.start(0)), keypoints(helped.start(0)), strict=True):
        assert torch.equal(alone, drawn)


def test_numbers_processes_and_seeds_all_draw_their_own(run, tiny_config):
    other_process = Draws(run.bank, run.config, process=1)
    other_seed = Draws(run.bank, tiny_config("seeded", seed=1))
    drawn = [run.draws[0], run.draws[1], other_process[0], other_seed[0]]
    for index, one in enumerate(drawn):
        assert not any(torch.equal(one.keypoints, other.keypoints) for other in drawn[:index])


def test_workers_that_start_anew_are_sent_what_they_draw_from(run):
    """macOS and Windows start processes from nothing."""
    sent = pickle.loads(pickle.dumps(run.draws))
    assert torch.equal(sent[0].keypoints, run.draws[0].keypoints)

"""Clips that are clean but for a gap."""

import torch

from vimo_pipeline.schedulers import draw_gap_timesteps
from vimo_pipeline.schedulers.gaps import CLEAN

LAST, CLIPS, FRAMES = 999, 2000, 60


def drawn() -> torch.Tensor:
    return draw_gap_timesteps(CLIPS, FRAMES, last=LAST, generator=torch.Generator().manual_seed(0))


def test_each_clip_has_one_gap_at_one_timestep():
    times = drawn()
    gap = times != CLEAN
    edges = torch.nn.functional.pad(gap.int(), (1, 1)).diff(dim=1)
    assert (edges.clamp(min=0).sum(1) == 1).all()
    assert ((times == times.amax(1, keepdim=True)) | ~gap).all()
    assert times.min() == CLEAN and times.max() == LAST


def test_gaps_are_of_all_lengths_and_everywhere():
    gap = drawn() != CLEAN
    lengths = gap.sum(1)
    assert lengths.min() == 9 and lengths.max() >= 50 and gap.any(0).all()
    assert (gap[:, 0] | gap[:, -1]).any() and not (gap[:, 0] & gap[:, -1]).any()


def test_many_gaps_are_pure_noise():
    share = (drawn().amax(1) == LAST).float().mean()
    assert 0.3 < share < 0.37


def test_the_shortest_clip_has_a_known_frame():
    times = draw_gap_timesteps(50, 2, last=LAST, generator=torch.Generator().manual_seed(0))
    assert ((times == CLEAN).sum(1) == 1).all()

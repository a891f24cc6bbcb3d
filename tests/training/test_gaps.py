"""Clips that are clean but for a gap."""

import torch

from vimo_pipeline.data.batches import Batch
from vimo_pipeline.motion.features import NUM_FEATURES
from vimo_pipeline.motion.mask import COLUMNS
from vimo_pipeline.training.gaps import CLEAN, Gaps, draw_gaps, hide_unseen

LAST, CLIPS, FRAMES = 999, 2000, 60


def drawn() -> Gaps:
    return draw_gaps(CLIPS, FRAMES, last=LAST, generator=torch.Generator().manual_seed(0))


def test_each_clip_has_one_gap_at_one_timestep():
    times = drawn().timesteps
    gap = times != CLEAN
    edges = torch.nn.functional.pad(gap.int(), (1, 1)).diff(dim=1)
    assert (edges.clamp(min=0).sum(1) == 1).all()
    assert ((times == times.amax(1, keepdim=True)) | ~gap).all()
    assert times.min() == CLEAN and times.max() == LAST


def test_what_is_clean_is_what_is_kept():
    kept, times = drawn()
    assert torch.equal(kept.all(2), times == CLEAN)


def test_gaps_are_of_all_lengths_and_everywhere():
    gap = drawn().timesteps != CLEAN
    lengths = gap.sum(1)
    assert lengths.min() == 9 and lengths.max() >= 50 and gap.any(0).all()
    assert (gap[:, 0] | gap[:, -1]).any() and not (gap[:, 0] & gap[:, -1]).any()


def test_most_gaps_are_whole_and_some_are_limbs():
    missing = (~drawn().kept).any(1)  # [B, 27]
    whole = missing.all(1)
    assert 0.7 < whole.float().mean() < 0.82
    arm = missing[~whole][:, COLUMNS.index("left_elbow")]
    assert 0.2 < arm.float().mean() < 0.9
    assert not missing[~whole][:, COLUMNS.index("path")].any()


def test_many_gaps_are_pure_noise():
    share = (drawn().timesteps.amax(1) == LAST).float().mean()
    assert 0.3 < share < 0.37


def test_the_shortest_clip_has_a_known_frame():
    times = draw_gaps(50, 2, last=LAST, generator=torch.Generator().manual_seed(0)).timesteps
    assert ((times == CLEAN).sum(1) == 1).all()


def test_nobody_filmed_most_of_what_is_missing():
    kept = drawn().kept
    points = torch.ones(CLIPS, FRAMES, 17, 3)
    batch = Batch(torch.zeros(CLIPS, FRAMES, NUM_FEATURES), points, torch.zeros(1), torch.ones(CLIPS, FRAMES))
    seen = (hide_unseen(batch, kept, torch.Generator().manual_seed(1)) != 0).all(3)  # [B, T, 17]
    assert seen[kept.all(2)].all()
    guided = seen.all((1, 2))
    assert 0.2 < guided.float().mean() < 0.3
    gone = ~kept.any(2)  # frames of which nothing is known
    assert not seen[~guided][gone[~guided]].any()
    limbs = ~guided & ~gone.any(1)
    assert seen[limbs].any((1, 2)).all() and not seen[limbs].all((1, 2)).any()

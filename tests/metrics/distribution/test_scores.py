"""Sets of clips in, figures out."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.metrics.distribution import clip_features, compare_features, distribution_scores


@pytest.fixture(scope="module")
def reference(dance):
    return [dance(seed, frames=15) for seed in range(12)]


@pytest.fixture(scope="module")
def strangers(dance):
    return [dance(100 + seed, frames=15, size=2.0) for seed in range(6)]


def test_strangers_are_further_than_the_floor(strangers, reference):
    scores = distribution_scores(strangers, reference, repeats=10)
    assert list(scores) == ["kinetic", "kinetic_legacy", "manual"]
    found = scores["kinetic"]
    assert found.fid.value > found.fid.floor.high and found.kid.value > 0
    assert found.fid.interval.low < found.fid.value < found.fid.interval.high
    assert (found.clips, found.reference_clips, found.fid.floor.clips) == (6, 12, 6)
    assert found.diversity > found.reference_diversity > 0
    assert found.singular  # 6 clips of 72 features


def test_the_reference_moved_and_turned_is_the_reference(reference):
    moved = [replace(clip, root=clip.root + torch.tensor([1.0, 0.0, 5.0])).turn(1.5) for clip in reference]
    for found in distribution_scores(moved, reference, repeats=2).values():
        assert found.fid.value == pytest.approx(0, abs=1e-4)
        assert found.diversity == pytest.approx(found.reference_diversity)


def test_rates_may_differ(dance, reference):
    sixty = [dance(seed, frames=29, fps=60.0) for seed in range(12)]
    found = distribution_scores(sixty, reference, features=["kinetic"], repeats=10)["kinetic"]
    assert found.fid.value < 0.2 * found.fid.floor.mean


def test_wanted_features_only_and_rows_in_the_order_of_the_clips(reference):
    rows = clip_features(reference[:3], features=["manual", "kinetic"])
    assert {name: list(row.shape) for name, row in rows.items()} == {"manual": [3, 32], "kinetic": [3, 72]}
    assert_close(rows["kinetic"][1:2], clip_features(reference[1:2])["kinetic"])


def test_draws_repeat(strangers, reference):
    first, second = (
        distribution_scores(strangers, reference, features=["manual"], repeats=3) for _ in range(2)
    )
    assert first == second
    rows = [clip_features(clips, features=["manual"])["manual"] for clips in (strangers, reference)]
    other = compare_features(*rows, repeats=3, generator=torch.Generator().manual_seed(5))
    assert other.fid.value == first["manual"].fid.value and other != first["manual"]


def test_enough_clips_are_not_singular():
    rows = torch.randn(40, 5, generator=torch.Generator().manual_seed(0))
    rows[20:, 4] = 0.0
    found = compare_features(rows[:20], rows[20:], repeats=2)
    assert not found.singular and found.left_out == 1
    assert compare_features(rows[:4], rows[20:], repeats=2).singular


def test_progress_reaches_the_end_of_every_stage(strangers, reference):
    told = []
    distribution_scores(
        strangers, reference, features=["kinetic"], repeats=1, progress=lambda *step: told.append(step)
    )
    assert [stage for stage, share in told if share == 1] == ["generated", "reference", "comparing"]
    assert told[1] == ("generated", pytest.approx(1 / 6))


def test_bad_clips_are_refused_with_the_reason(reference):
    with pytest.raises(ValueError, match="no clips"):
        distribution_scores([], reference)
    with pytest.raises(ValueError, match="at least 2 clips a set, got 1"):
        distribution_scores(reference[:1], reference)
    with pytest.raises(ValueError, match="at least 4 generated clips, got 3"):
        distribution_scores(reference[:3], reference)
    with pytest.raises(ValueError, match=r"must be Motion, .* got Tensor"):
        clip_features([torch.rand(30, 24, 3)])
    with pytest.raises(
        ValueError, match="unknown features beat; choose from kinetic, kinetic_legacy, manual"
    ):
        clip_features(reference, features=["beat"])
    with pytest.raises(ValueError, match="at least 7 frames at 60 fps"):
        clip_features([reference[0].frames(0, 3)])

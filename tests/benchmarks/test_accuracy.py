"""The figures of docs/RESULTS.md: nothing is wrong with the truth, and a known error is found."""

import json
import math
import sys
from pathlib import Path

import pytest
import torch

from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, turn_about_y

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import accuracy
from accuracy_kinds import KINDS, by_kind, kind_of
from accuracy_scores import COLUMNS, best, interval, mean, scores
from tables import Table, markdown, replace_section, rounded

PACKS = Path(__file__).parents[3] / "shared" / "data" / "mocap"


def walking(clips: int = 3, frames: int = 40) -> MotionFeatures:
    generator = torch.Generator().manual_seed(0)
    time = torch.arange(frames) / 30
    angles = (
        torch.sin(3 * time)[None, :, None, None] * 0.3 * torch.randn(clips, 1, 24, 3, generator=generator)
    )
    root = torch.stack([0 * time, 0.9 + 0 * time, time], -1).expand(clips, -1, -1)
    return MotionFeatures(axis_angle_to_matrix(angles), torch.ones(clips, frames, 4), root)


def turned(motion: MotionFeatures, degrees: float) -> MotionFeatures:
    pelvis = turn_about_y(torch.tensor(math.radians(degrees))) @ motion.rotations[:, :, 0]
    return motion._replace(rotations=torch.cat([pelvis[:, :, None], motion.rotations[:, :, 1:]], 2))


def test_the_truth_has_no_error():
    figures = scores(walking().pack(), walking().pack())
    for title in ("MPJPE mm", "PA-MPJPE mm", "WA-MPJPE mm", "W-MPJPE mm", "root path mm"):
        assert figures[title].abs().max() < 0.2, title
    assert figures["acceleration m/s²"].max() < 1e-3 and figures["contact F1"].min() == 1


def test_a_wrong_heading_is_all_of_the_error_of_a_turned_body():
    figures = scores(turned(walking(), 120.0).pack(), walking().pack())
    assert figures["PA-MPJPE mm"].max() < 0.2 and figures["MPJPE mm"].min() > 50
    assert figures["heading's share of MPJPE"].min() > 0.99
    assert figures["frames > 90° off"].min() == 1
    slightly = scores(turned(walking(), 60.0).pack(), walking().pack())
    assert slightly["frames > 90° off"].max() == 0


def test_the_best_of_several_is_chosen_clip_by_clip():
    good, bad = (
        scores(walking().pack(), walking().pack()),
        scores(turned(walking(), 90).pack(), walking().pack()),
    )
    mixed = {name: torch.stack([good[name][0], bad[name][1], good[name][2]]) for name in good}
    other = {name: torch.stack([bad[name][0], good[name][1], bad[name][2]]) for name in good}
    together = best([mixed, other])
    torch.testing.assert_close(together["MPJPE mm"], good["MPJPE mm"])
    assert set(together) == {column.title for column in COLUMNS}
    halfway = mean([mixed, other])["MPJPE mm"]
    torch.testing.assert_close(halfway, 0.5 * (good["MPJPE mm"] + bad["MPJPE mm"]))


def test_intervals_hold_the_mean_and_shrink_with_more_clips():
    values = torch.randn(400, generator=torch.Generator().manual_seed(0))
    wide, narrow = interval(values[:25]), interval(values)
    assert wide[1] < wide[0] < wide[2]
    assert narrow[2] - narrow[1] < 0.5 * (wide[2] - wide[1])
    assert math.isnan(interval(torch.tensor([math.nan]))[0])


def test_tables_go_between_their_marks_and_nowhere_else(tmp_path):
    document = tmp_path / "results.md"
    document.write_text("before\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nafter\n")
    table = Table(
        "A set",
        {"error mm": 1},
        {"ours": {"error mm": (2.04, 1.0, 3.0)}, "exact": {"error mm": (1.0, 1.0, 1.0)}},
    )
    replace_section(document, "accuracy", markdown(table))
    text = document.read_text()
    assert text.startswith("before\n") and text.endswith("<!-- /accuracy -->\nafter\n") and "old" not in text
    assert "| ours | 2.0 [1.0, 3.0] |" in text and "| exact | 1.0 |" in text
    with pytest.raises(ValueError, match="no <!-- speed -->"):
        replace_section(document, "speed", "x")


def test_kept_tables_say_whose_they_are_and_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(accuracy, "RESULTS", tmp_path / "RESULTS.md")
    (tmp_path / "RESULTS.md").write_text("<!-- accuracy -->\n<!-- /accuracy -->\n")
    for title, weights in (("A set", "ab"), ("Ideas: a set", None), ("A set", "cd")):
        accuracy.keep(Table(title, {"mm": 1}, {"ours": {"mm": (2.0, 1.0, 3.0)}}), weights=weights)
    kept = json.loads((tmp_path / "results.json").read_text())
    assert {title: one.get("weights") for title, one in kept.items()} == {"A set": "cd", "Ideas: a set": None}


def test_every_held_out_motion_is_of_a_kind():
    if not PACKS.is_dir():
        pytest.skip("needs ../shared/data/mocap")
    motions = by_kind(PACKS)
    assert set(motions) == set(KINDS) and all(motions.values())


def test_a_category_without_a_kind_is_named():
    with pytest.raises(ValueError, match="'sweeping the floor' belongs to none of breakdance"):
        kind_of("sweeping the floor")


@pytest.mark.parametrize("error", [37.346, 63.4461, 0.05, 1 / 3])
def test_a_figure_that_was_stored_shows_as_it_was_measured(error):
    table = Table("errors", {"mm": 1}, {"ours": {"mm": (error, error - 1, error + 1)}})
    assert markdown(rounded(table)) == markdown(table)

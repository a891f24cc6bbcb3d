"""The tables of what ideas and augmentations are worth, from models that never learned."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, matrix_to_quaternion

from ..pipelines.conftest import tiny_pipeline

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import accuracy_sets
from ablations import IDEAS, NONE, Ablations, augmentations, folder_of, runs
from accuracy_ablations import GUIDED, PA, ablation_tables, change_of
from accuracy_sets import FRAMES, LEVELS, filmed_motions


def walk_before(level: str) -> accuracy_sets.TestSet:
    """A body that walks and swings its limbs, filmed once."""
    time = torch.arange(FRAMES) / 30
    swing = 0.2 * torch.randn(1, 24, 3, generator=torch.Generator().manual_seed(0))
    turns = axis_angle_to_matrix((4 * time).sin()[:, None, None] * swing)
    root = torch.stack([0 * time, 0.95 + 0 * time, 0.8 * time], -1)
    walk = Motion(matrix_to_quaternion(turns), root, torch.ones(FRAMES, 4))
    return filmed_motions("nobody", level, [walk], LEVELS[level], 1)


@pytest.fixture
def finished(tmp_path) -> Callable[..., Path]:
    """A folder in which the runs of these names are done."""

    def folder(*names: str) -> Path:
        tiny_pipeline(max_frames=FRAMES).save_pretrained(tmp_path / "start")
        for name in names:
            run = tmp_path / "runs" / folder_of(name)
            (run / "final").parent.mkdir(parents=True)
            (run / "final").symlink_to(tmp_path / "start")
            config = {"prediction": "diffusion", "start_from": str(tmp_path / "start")}
            (run / "config.json").write_text(json.dumps(config))
        return tmp_path / "runs"

    return folder


def test_every_idea_is_trained_with_every_seed_and_every_augmentation_once():
    named = runs(Ablations("data", seeds=(0, 1), start_from=Path("base")))
    assert len(named) == 2 * len(IDEAS) + len(augmentations())
    assert len({run.output for run in named.values()}) == len(named)
    assert {run.seed for name, run in named.items() if name.startswith("ViMo-Flow, seed")} == {0, 1}
    assert named["with still"].augment == ("still",) and named[NONE].augment == ()


def test_the_guided_idea_is_followed_with_both_seeds_where_that_is_told(finished):
    folder = finished("ViMo, seed 0", f"{GUIDED}, seed 0", f"{GUIDED}, seed 1")
    moving, standing = ablation_tables(
        folder, [walk_before(level) for level in ("moving and noisy", "static clean")]
    )
    guided = {
        f"{GUIDED}, seed {seed}{how}"
        for seed in (0, 1)
        for how in (", plain pipeline", ", + lift and re-projection")
    }
    assert set(moving.rows) - set(standing.rows) == guided
    assert moving.rows["ViMo, seed 0"][change_of(PA)][0] == 0


def test_augmentations_are_compared_with_the_run_that_has_none(finished):
    (table,) = ablation_tables(finished(NONE, "with still"), [walk_before("static clean")])
    assert list(table.rows) == ["before", NONE, "with still"]
    assert all(row[change_of(PA)][0] == 0 for row in table.rows.values())  # the three are the same model


def test_a_folder_without_runs_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no finished run; train them"):
        list(ablation_tables(tmp_path, []))

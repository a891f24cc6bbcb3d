"""What is said of a run in a model card."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from vimo_pipeline.pipelines.cards.training_facts import read_training
from vimo_pipeline.training import TrainConfig
from vimo_pipeline.training.facts import command, data_facts, note_run, read_run, recipe, steps


@pytest.fixture
def run(folder, tiny_config, tmp_path):
    """The output folder of a run, as it stands when the run has begun."""

    def run(**options) -> Path:
        config = tiny_config("run", **options)
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run/config.json").write_text(json.dumps(asdict(config), default=str))
        return tmp_path / "run"

    return run


def test_the_command_of_a_run_is_taken_by_train_py(monkeypatch, tmp_path):
    import tyro

    config = TrainConfig(
        data="FOLDER", output=tmp_path, start_from=Path("MODEL"), steps=70, decay=5, frames=(8, 9), ptss=0.5,
        augment=("mirror", "warp"), prediction="regression", tracker="none",
    )  # fmt: skip
    words = command(config)
    assert words.startswith("accelerate launch train.py --data FOLDER --start-from MODEL ")
    monkeypatch.setattr(sys, "argv", words.split()[2:])
    again = tyro.cli(TrainConfig)
    learned = ("start_from", "steps", "decay", "frames", "ptss", "augment", "prediction", "learning_rate")
    assert [getattr(again, name) for name in learned] == [getattr(config, name) for name in learned]


def test_a_run_of_defaults_needs_no_options():
    assert command(TrainConfig(data="x")) == "accelerate launch train.py --data FOLDER"


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (None, "1,000, the last 300 with falling learning rate"),
        (700, "700 at full learning rate"),
        (800, "800 of 1,000, the last 100 with falling learning rate"),
    ],
)
def test_steps_say_how_far_the_learning_rate_fell(done, words):
    assert steps(TrainConfig(data="x", steps=1000, decay=300), done) == words


def test_the_recipe_names_what_was_learned_and_how():
    shipped = recipe(TrainConfig(data="x"))
    assert "x0-prediction, T = 1000 linear" in shipped and "all augmentations" in shipped
    paths = [recipe(TrainConfig(data="x", **each)) for each in ({}, {"path_weight": 0}, {"gaps": 0})]
    assert ["the path through them weighs 20" in each for each in paths] == [True, False, False]
    other = recipe(TrainConfig(data="x", prediction="regression", augment=("mirror",), accumulate=2))
    assert "regression without noise" in other and "augmentations: mirror" in other
    assert "4,800 frames a step" in other
    assert not any(word in other for word in ("PTSS", "gaps", "stream", "dropout"))
    bridges = recipe(TrainConfig(data="x", prediction="interpolation"))
    assert bridges.startswith("the delta-interpolator: ") and "PTSS" not in bridges


def test_a_config_is_read_as_it_was_written(run, tiny_config):
    config = tiny_config("run", start_from=Path("before"))
    assert read_run(run(start_from=Path("before"))) == config


@pytest.mark.parametrize("content", ["[]", '{"data": "x", "colour": "red"}'])
def test_what_is_no_config_is_refused(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ValueError, match="no config of a training run"):
        read_run(tmp_path)


def test_data_is_counted(tiny_config):
    assert data_facts(tiny_config("x")) == [{"name": "cmu", "clips": 1, "minutes": 0.0, "licence": "CC0"}]


def test_runs_are_noted_one_after_another(run, tmp_path):
    note_run(tmp_path, run(), done=3)
    note_run(tmp_path, run(start_from=Path("before"), steps=9), hours="2 on one core")
    noted = note_run(tmp_path, run(start_from=Path("before"), steps=9), done=8)
    assert [row["steps"].split()[0] for row in noted.runs] == ["3", "8"]
    assert noted.hours == "2 on one core" and noted.data[0]["clips"] == 1
    assert read_training(tmp_path) == noted


def test_a_run_from_nothing_forgets_those_before(run, tmp_path):
    note_run(tmp_path, run())
    assert len(note_run(tmp_path, run(steps=5)).runs) == 1

"""`vimo`: what a person types, sees and gets."""

import runpy
import sys

import pytest

from vimo_pipeline.cli import main

from .pipelines.conftest import keypoints_of, tiny_pipeline


@pytest.fixture
def model(tmp_path):
    tiny_pipeline().save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def vimo(monkeypatch, *words) -> None:
    monkeypatch.setattr(sys, "argv", ["vimo", *map(str, words)])
    main()


def test_capture_writes_files_and_says_where(monkeypatch, capsys, tmp_path, model):
    keypoints_of(30).save(tmp_path / "walk.npz")
    vimo(
        monkeypatch, "capture", tmp_path / "walk.npz", "--out", tmp_path / "out", "--model", model,
        "--hypotheses", 2, "--guidance-scale", 2, "--steps", 2, "--seed", 3, "--no-preview",
    )  # fmt: skip
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [
        "walk.1.bvh", "walk.1.glb", "walk.1.npz", "walk.bvh", "walk.glb", "walk.keypoints.npz", "walk.npz",
    ]  # fmt: skip
    output = capsys.readouterr().out
    assert all(str(tmp_path / "out" / name) in output for name in written)
    assert "1.0 s of motion" in output and "motion" in output


def test_a_mistake_is_one_sentence_and_status_2(monkeypatch, capsys, tmp_path, model):
    with pytest.raises(SystemExit) as stopped:
        vimo(monkeypatch, "capture", tmp_path / "nothing.mp4", "--out", tmp_path / "out", "--model", model)
    assert stopped.value.code == 2
    complaint = capsys.readouterr().err
    assert "nothing.mp4" in complaint and "Traceback" not in complaint
    assert not (tmp_path / "out").exists()


def test_help_names_every_option(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "vimo_pipeline.cli")  # run as `python -m vimo_pipeline.cli` runs it
    monkeypatch.setattr(sys, "argv", ["vimo", "capture", "--help"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("vimo_pipeline.cli", run_name="__main__")
    assert not stopped.value.code
    shown = capsys.readouterr().out
    for option in ("out", "hypotheses", "guidance-scale", "steps", "seed", "no-preview", "person"):
        assert f"--{option}" in shown

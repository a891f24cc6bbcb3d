"""`vimo`: what a person types, sees and gets."""

import runpy
import sys

import pytest

from vimo_pipeline.cli import main
from vimo_pipeline.data.load import load_clips
from vimo_pipeline.export import save_motion

from .data.conftest import swinging
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
    monkeypatch.delitem(sys.modules, "vimo_pipeline.cli.__main__", raising=False)
    monkeypatch.setattr(sys, "argv", ["vimo", "capture", "--help"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("vimo_pipeline.cli", run_name="__main__")
    assert not stopped.value.code
    shown = capsys.readouterr().out
    for option in ("out", "hypotheses", "guidance-scale", "steps", "seed", "no-preview", "person"):
        assert f"--{option}" in shown


def test_prepare_writes_a_dataset_and_names_what_it_left_out(monkeypatch, capsys, tmp_path):
    for person in ("anna", "bert"):
        (tmp_path / "bvh" / person).mkdir(parents=True)
        save_motion(swinging(200, seed=1), tmp_path / "bvh" / person / "swing.bvh")
    (tmp_path / "bvh" / "torn.bvh").write_text("HIERARCHY")
    vimo(monkeypatch, "prepare", "--source", "bvh", "--input", tmp_path / "bvh", "--out", tmp_path / "data")
    output = capsys.readouterr().out
    assert "torn: " in output and "is not a BVH file" in output and str(tmp_path / "data") in output
    clips = [clip for split in ("train", "val") for clip in load_clips(tmp_path / "data", split=split)]
    assert {clip.name for clip in clips} == {"anna/swing", "bert/swing"}
    assert sum(len(clip.motion) for clip in clips) == 400


def test_prepare_takes_each_source(monkeypatch, capsys, tmp_path):
    for source, message in {"aist": "is no AIST", "amass": "holds no .npz", "own": "holds no .glb"}.items():
        with pytest.raises(SystemExit) as stopped:
            vimo(monkeypatch, "prepare", "--source", source, "--input", tmp_path, "--out", tmp_path / "data")
        assert stopped.value.code == 2 and message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_prepare_uploads_what_it_wrote(monkeypatch, capsys, tmp_path):
    datasets = pytest.importorskip("datasets")
    sent = []
    monkeypatch.setattr(
        datasets.DatasetDict, "push_to_hub", lambda self, repository: sent.append((repository, list(self)))
    )
    (tmp_path / "own").mkdir()
    save_motion(swinging(40, seed=1), tmp_path / "own" / "swing.npz")
    vimo(
        monkeypatch, "prepare", "--source", "own", "--input", tmp_path / "own", "--out", tmp_path / "data",
        "--push-to-hub", "you/dances",
    )  # fmt: skip
    assert sent == [("you/dances", ["train"])]
    assert "huggingface.co/datasets/you/dances" in capsys.readouterr().out


def test_complete_writes_files_a_picture_and_what_was_kept(monkeypatch, capsys, tmp_path, model):
    save_motion(swinging(40, seed=1), tmp_path / "swing.bvh")
    save_motion(swinging(30, seed=2), tmp_path / "other.npz")
    rest = ("--out", tmp_path / "out", "--model", model, "--steps", 1)
    vimo(monkeypatch, "complete", tmp_path / "swing.bvh", "--keep", "0:10,30:40", "--hypotheses", 2, *rest)
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [
        "swing.completed.1.bvh", "swing.completed.1.glb", "swing.completed.1.npz",
        "swing.completed.bvh", "swing.completed.glb", "swing.completed.npz", "swing.completed.png",
    ]  # fmt: skip
    assert "keeps 20 of 40 frames whole" in capsys.readouterr().out
    vimo(monkeypatch, "complete", tmp_path / "swing.bvh", "--imagine", "left_arm", "--no-picture", *rest)
    assert "everything but left_arm" in capsys.readouterr().out
    vimo(
        monkeypatch, "complete", tmp_path / "swing.bvh", "--blend", tmp_path / "other.npz",
        "--overlap", 8, "--no-picture", *rest,
    )  # fmt: skip
    assert "keeps 54 of 62 frames whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "say what to --keep"),
        (("--keep", "0:99"), "not in a motion of 40 frames"),
        (("--imagine", "tail"), "unknown joint group 'tail'"),
        (("--keep", "0:10", "--blend", "swing.bvh"), "leave --keep and --imagine out"),
    ],
)
def test_mistakes_of_complete_are_one_sentence(monkeypatch, capsys, tmp_path, model, words, complaint):
    save_motion(swinging(40, seed=1), tmp_path / "swing.bvh")
    with pytest.raises(SystemExit) as stopped:
        vimo(
            monkeypatch,
            "complete",
            tmp_path / "swing.bvh",
            "--out",
            tmp_path / "out",
            "--model",
            model,
            *words,
        )
    assert stopped.value.code == 2 and complaint in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

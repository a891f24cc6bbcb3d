"""`vimo`: what a person types, sees and gets."""

import json
import runpy
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.cli import main
from vimo_pipeline.data.load import load_clips
from vimo_pipeline.export import load_motion, save_motion
from vimo_pipeline.pipelines.stream import LOOK_AHEAD

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
        "walk.spans.json",
    ]  # fmt: skip
    output = capsys.readouterr().out
    assert all(str(tmp_path / "out" / name) in output for name in written)
    assert "1.0 s of motion" in output and "motion" in output


def test_capture_says_where_nobody_was_seen(monkeypatch, capsys, tmp_path, model):
    seen = keypoints_of(90)
    seen.points[20:80] = 0
    seen.save(tmp_path / "gone.npz")
    rest = ("--out", tmp_path / "out", "--model", model, "--steps", 1, "--no-preview")
    vimo(monkeypatch, "capture", tmp_path / "gone.npz", "--longest-unseen", 1, *rest)
    output = capsys.readouterr().out
    assert "nobody seen, so imagined: 0.7 to 2.7 s" in output and "the body stands: 1.2 to 2.2 s" in output


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


def test_complete_draws_more_than_it_shows_unless_told_not_to(monkeypatch, tmp_path, model):
    save_motion(swinging(40, seed=1), tmp_path / "swing.npz")
    rest = ("--keep", "0:10,30:40", "--hypotheses", 2, "--steps", 1, "--no-picture", "--model", model)
    vimo(monkeypatch, "complete", tmp_path / "swing.npz", "--out", tmp_path / "many", *rest)
    vimo(monkeypatch, "complete", tmp_path / "swing.npz", "--out", tmp_path / "one", "--draws", 1, *rest)
    first, second = (
        (load_motion(tmp_path / "many" / name).joints() - load_motion(tmp_path / "one" / name).joints()).abs()
        for name in ("swing.completed.npz", "swing.completed.1.npz")
    )
    assert first.max() < 1e-4 < second.max(), "the likeliest is drawn once; another stands for eight"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "say what to --keep"),
        (("--keep", "0:99"), "not in a motion of 40 frames"),
        (("--imagine", "tail"), "unknown joint group 'tail'"),
        (("--keep", "0:10", "--blend", "swing.bvh"), "leave --keep and --imagine out"),
        (("--keep", "0:10", "--draws", 0), "draws must be between 1"),
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


def dances(folder, *, seed=0, count=5):
    folder.mkdir()
    for number in range(count):
        save_motion(swinging(60, seed=seed + number), folder / f"dance{number}.npz")
    return folder


def test_evaluate_prints_a_table_and_writes_json_and_a_plot(monkeypatch, capsys, tmp_path):
    pytest.importorskip("matplotlib")
    generated, reference = dances(tmp_path / "generated", seed=9), dances(tmp_path / "reference")
    save_motion(swinging(60, seed=9), generated / "dance0.bvh")
    (generated / "torn.glb").write_bytes(b"glTF")
    out = tmp_path / "deep" / "out"
    vimo(
        monkeypatch, "evaluate", generated, "--reference", reference, "--paired", "--partner-of", reference,
        "--seconds", 2, "--repeats", 5, "--out", out,
    )  # fmt: skip
    shown = capsys.readouterr().out
    named = ("FID_k", "KID_m", "Div_k", "PFC", "foot skate", "PA-MPJPE", "mimicry", "torn.glb was left out")
    for name in named:
        assert name in shown
    assert str(out / "report.json") in shown and (out / "report.png").read_bytes().startswith(b"\x89PNG")
    report = json.loads((out / "report.json").read_text())
    assert [group["name"] for group in report["groups"]] == ["distribution", "physics", "paired", "partners"]
    values = {figure["name"]: figure["value"] for group in report["groups"] for figure in group["figures"]}
    assert {name for name, value in values.items() if value is None} <= {"PFC", "energy"}  # of two seconds
    assert report["generated"]["copies"] == 1 and list(report["generated"]["unreadable"]) == ["torn.glb"]


def test_evaluate_hears_music(monkeypatch, capsys, tmp_path):
    pytest.importorskip("librosa")
    generated = dances(tmp_path / "generated")
    write_clicks(tmp_path / "clicks.wav", silent=False)
    write_clicks(tmp_path / "silence.wav", silent=True)
    words = ("evaluate", generated, "--reference", generated, "--out", tmp_path / "out", "--no-plot")
    words += ("--no-distribution", "--no-physics")
    vimo(monkeypatch, *words, "--music", tmp_path / "clicks.wav")
    assert "alignment z, mint" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.json"]
    with pytest.raises(SystemExit):
        vimo(monkeypatch, *words, "--music", tmp_path / "silence.wav")
    assert "silence.wav has no beats" in capsys.readouterr().err


def write_clicks(path, *, silent):
    time = np.arange(22_050 * 4) / 22_050
    sound = np.sin(2 * np.pi * 880 * time) * (time % 0.5 < 0.03) * (not silent)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes((20_000 * sound).astype("<i2").tobytes())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("missing", "--reference", "few"), "there is no folder"),
        (("few", "--reference", "few"), "at least 4 generated windows of 5 s, better 200, got 2"),
        (("few", "--reference", "empty"), "holds no motion file"),
        (("few", "--reference", "few", "--no-distribution", "--no-physics"), "nothing to measure"),
        (("few", "--reference", "few", "--no-distribution", "--music", "none.wav"), "no file or folder"),
    ],
)
def test_mistakes_of_evaluate_are_one_sentence(monkeypatch, capsys, tmp_path, words, complaint):
    dances(tmp_path / "few", count=2)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        vimo(monkeypatch, "evaluate", *words, "--no-plot")
    assert stopped.value.code == 2 and complaint in capsys.readouterr().err
    assert not (tmp_path / "outputs").exists()


def test_stream_records_what_it_saw(monkeypatch, capsys, tmp_path, model):
    pytest.importorskip("mediapipe")
    film = Path(__file__).parents[1] / "examples" / "example.mp4"
    words = ("--model", model, "--window", 12, "--no-view")
    vimo(monkeypatch, "stream", "--video", film, "--seconds", 0.6, "--record", tmp_path / "live.bvh", *words)
    assert len(load_motion(tmp_path / "live.bvh")) == 18
    assert f"{18 - LOOK_AHEAD} frames; a pose came" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "--camera 0 or --video"),
        (("--camera", 0, "--osc", "here:there"), "HOST:PORT"),
        (("--camera", 0, "--record", "motion.txt"), ".bvh"),
        (("--camera", 0, "--seconds", 0), "--seconds"),
    ],
)
def test_stream_says_what_it_needs(monkeypatch, capsys, words, complaint):
    with pytest.raises(SystemExit):
        vimo(monkeypatch, "stream", *words)
    assert complaint in capsys.readouterr().err

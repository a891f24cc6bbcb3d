"""What the README and the examples promise runs as it is written."""

import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline import Keypoints, load_motion, save_motion
from vimo_pipeline.export import write_bvh
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS

from .data.conftest import swinging

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"

pytestmark = pytest.mark.skipif(not BUNDLED_WEIGHTS.is_dir(), reason=f"no weights in {BUNDLED_WEIGHTS}")


@pytest.fixture
def run_example(monkeypatch):
    """Run an example as `python examples/NAME arguments...` would."""

    def run(name: str, *arguments: str | Path) -> None:
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")

    return run


@pytest.fixture
def seen(tmp_path) -> Keypoints:
    """The first two seconds of the example video, exactly."""
    with np.load(EXAMPLES / "example_truth.npz") as truth:
        points = truth["keypoints"][:60].astype(np.float32)
        return Keypoints(points, float(truth["fps"]), int(truth["width"]), int(truth["height"]))


def test_readme(tmp_path, monkeypatch):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert 7 < load_motion("motion.bvh").seconds < 8  # the length of the example video


def test_capture(tmp_path, seen, run_example, capsys):
    seen.save(tmp_path / "wave.npz")
    run_example("capture.py", tmp_path / "wave.npz", tmp_path / "out")
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".glb", ".bvh", ".npz", ".json", ".mp4"}
    assert "2.0 s" in capsys.readouterr().out


def test_hypotheses(tmp_path, seen, run_example, capsys):
    seen.save(tmp_path / "wave.npz")
    run_example("hypotheses.py", tmp_path / "wave.npz")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 24
    assert lines[-1].split() == ["pelvis", "0.0", "cm"]  # positions are measured from it


def test_own_keypoints(tmp_path, seen, run_example):
    np.save(tmp_path / "points.npy", seen.points)
    target = tmp_path / "motion.bvh"
    run_example("own_keypoints.py", tmp_path / "points.npy", seen.fps, seen.width, seen.height, target)
    assert len(load_motion(target)) == len(seen)


def test_long_video(tmp_path, seen, run_example, capsys):
    points = np.concatenate([seen.points] * 5)
    points[100:160] = 0
    Keypoints(points, seen.fps, seen.width, seen.height).save(tmp_path / "long.npz")
    run_example("long_video.py", tmp_path / "long.npz", tmp_path / "long.glb")
    assert len(load_motion(tmp_path / "long.glb")) == 300  # two windows and a half
    assert "imagined, as nobody was seen: 3.3 to 5.3 s" in capsys.readouterr().out


def test_completion(tmp_path, run_example, capsys):
    save_motion(swinging(90, seed=1), tmp_path / "swing.npz")
    run_example("completion.py", tmp_path / "swing.npz", tmp_path / "whole.bvh")
    assert [len(load_motion(tmp_path / f"whole.{number}.bvh")) for number in range(3)] == [90, 90, 90]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and all("0.000 cm where it was kept" in line for line in lines)


def test_evaluation(tmp_path, run_example, capsys):
    for folder, turn in (("captured", 0.1), ("truth", 0.0)):
        (tmp_path / folder).mkdir()
        for number in range(2):
            save_motion(swinging(60, seed=number).turn(turn), tmp_path / folder / f"clip{number}.npz")
    run_example("evaluation.py", tmp_path / "captured", tmp_path / "truth")
    assert "PA-MPJPE" in capsys.readouterr().out


@pytest.mark.slow
def test_train_on_own_bvh(tmp_path, run_example, capsys):
    for person in ("anna", "bert"):
        (tmp_path / "bvh" / person).mkdir(parents=True)
        write_bvh(swinging(70, seed=1), tmp_path / "bvh" / person / "swing.bvh")
    (tmp_path / "bvh" / "torn.bvh").write_text("HIERARCHY")
    run_example("train_on_own_bvh.py", tmp_path / "bvh", tmp_path / "out", 2)
    assert (tmp_path / "out" / "run" / "final" / "transformer" / "config.json").is_file()
    output = capsys.readouterr().out
    assert "train: 1 pieces of 5 s, val: 1 pieces of 5 s" in output and "left out torn" in output


@pytest.mark.slow
def test_measure_detector(run_example, capsys):
    pytest.importorskip("mediapipe")
    run_example("measure_detector.py")
    said = capsys.readouterr().out
    assert "person found in 100.0%" in said and "swapped: arms 0, legs 0" in said


def test_no_example_is_forgotten():
    """Each program here is run by a test; what such a program imports is run with it."""
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    programs = [path.name for path in EXAMPLES.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")]
    assert len(programs) > 10
    assert [name for name in programs if f'"{name}"' not in tests] == []

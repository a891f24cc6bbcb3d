"""`kill -9` in the middle of capture, training and preparation: nothing finished is lost, nothing half-done
looks finished, and the next run goes on."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vimo_pipeline.data.load import load_clips
from vimo_pipeline.export import load_motion
from vimo_pipeline.keypoints import load_keypoints
from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.training.checkpoint import latest_checkpoint

from ..pipelines.conftest import keypoints_of
from ..training.conftest import TINY
from . import healthy, killed
from .watch import TIMES

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes to fork")
KILLED, DONE = -9, 0


@pytest.fixture(scope="module")
def run() -> Iterator[Callable[..., int]]:
    """run(folder, deed, vimo=[...]): the exit status of a process that dies at its n-th deed in there."""
    program = Path(killed.__file__)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    with subprocess.Popen([sys.executable, str(program)], cwd=program.parents[2], **pipes) as process:

        def order(folder: Path, deed: int = 0, **what) -> int:
            log = folder / ".log"
            process.stdin.write(
                json.dumps({"folder": str(folder), "deed": deed, "log": str(log), **what}) + "\n"
            )
            process.stdin.flush()
            status = int(process.stdout.readline())
            assert status in (KILLED, DONE), log.read_text()
            return status

        yield order
        process.stdin.close()


def deeds(*some: int, last: int) -> list[int]:
    """Some of the moments to die in; all of them in a long run."""
    return list(range(1, last)) if TIMES > 1 else list(some)


def test_capture(run, tmp_path):
    healthy.pipeline(tmp_path / "model")
    keypoints_of(12).save(tmp_path / "walk.npz")
    out = tmp_path / "out"
    words = [
        "capture",
        tmp_path / "walk.npz",
        "--out",
        out,
        "--model",
        tmp_path / "model",
        "--steps",
        1,
        "--no-preview",
    ]
    vimo = list(map(str, words))
    assert run(tmp_path, 4, vimo=vimo) == KILLED
    readable(out)
    assert run(tmp_path, vimo=vimo) == DONE
    whole = readable(out)
    assert {"walk.bvh", "walk.glb", "walk.npz", "walk.keypoints.npz"} <= set(whole)
    for deed in deeds(3, 6, 8, last=12):
        assert run(tmp_path, deed, vimo=vimo) == KILLED
        assert readable(out) == whole
    assert run(tmp_path, vimo=vimo) == DONE


def readable(folder: Path) -> list[str]:
    """The names of all files that are not hidden; each of them can be read."""
    names = sorted(path.name for path in folder.glob("[!.]*"))
    for name in names:
        read = load_keypoints if "keypoints" in name else _json if name.endswith(".json") else load_motion
        read(folder / name)
    return names


def _json(path: Path) -> object:
    return json.loads(path.read_text())


def test_training(run, tmp_path):
    healthy.pack(tmp_path / "data")
    index = json.loads((tmp_path / "data" / "index.json").read_text())
    index["clips"][1]["split"] = "val"
    (tmp_path / "data" / "index.json").write_text(json.dumps(index))
    output = tmp_path / "run"
    options = TINY | {
        "data": str(tmp_path / "data"), "output": str(output), "packs": ["a"], "frames": [6], "augment": [],
        "keep_checkpoints": 1, "checkpoint_every": 1, "validate_every": 100, "tracker": "none", "decay": 0,
    }  # fmt: skip
    assert run(output.parent, train=options | {"steps": 1}) == DONE
    reached = 1
    for deed in deeds(1, 3, 10, 20, 30, 40, last=60):
        status = run(tmp_path, deed, train=options | {"steps": 100 if TIMES > 1 else 8})
        checkpoint = latest_checkpoint(output)
        step = int(checkpoint.name.rpartition("-")[2])
        assert status == KILLED and step >= reached
        reached = step
        ViMoTransformer.from_pretrained(checkpoint / "components" / "transformer")
        MotionNormaliser.from_pretrained(output / "final" / "normaliser")
    assert run(tmp_path, train=options | {"steps": reached + 1}) == DONE
    assert latest_checkpoint(output).name == f"checkpoint-{reached + 1}"
    assert not list(output.glob("unfinished"))


def test_prepare(run, tmp_path):
    recordings = 40  # more than a part has
    (tmp_path / "recordings").mkdir()
    healthy.motion(".npz")(tmp_path / "recordings" / "0.npz")
    for number in range(1, recordings):
        shutil.copy(tmp_path / "recordings" / "0.npz", tmp_path / "recordings" / f"{number}.npz")
    out, parts = tmp_path / "data", tmp_path / ".data.parts"
    folders = ["--input", str(tmp_path / "recordings"), "--out", str(out)]
    vimo = ["prepare", "--source", "own", *folders, "--shortest", "5", "--val-share", "0"]
    killed, finished = 0, set()
    for deed in deeds(3, 17, 30, 28, last=60):
        if run(tmp_path, deed, vimo=vimo) == DONE or out.exists():
            break
        killed += 1
        left = {path.parent.name for path in parts.glob("[!.]*/skipped.json")}
        assert finished <= left
        finished = left
    assert killed >= 4 and finished
    if not out.exists():
        assert run(tmp_path, vimo=vimo) == DONE
        assert not parts.exists() and not list(tmp_path.glob(".data*"))
    assert len(load_clips(out, split="train")) == recordings

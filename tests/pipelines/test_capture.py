"""`capture`: every file is there and reads back, or nothing is."""

import json

import numpy as np
import pytest
import torch

from vimo_pipeline import load_motion
from vimo_pipeline.keypoints import load_npz
from vimo_pipeline.pipelines.capture import capture
from vimo_pipeline.video import read_frames

from .conftest import keypoints_of

FEW = {"num_inference_steps": 2, "preview": False}


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "dance.npz"
    keypoints_of(40).save(path)
    return path


def test_every_file_reads_back_as_the_same_motion(pipe, source, tmp_path):
    result = capture(source, tmp_path / "out", pipe=pipe, hypotheses=2, **FEW)
    assert [path.name for path in result.files["bvh"]] == ["dance.bvh", "dance.1.bvh"]
    for index, motion in enumerate(result.motions):
        for suffix in ("glb", "bvh", "npz"):
            read = load_motion(result.files[suffix][index])
            torch.testing.assert_close(read.joints(), motion.joints(), atol=1e-3, rtol=0)
    seen = load_npz(result.files["keypoints"][0])
    np.testing.assert_allclose(seen.points, result.keypoints.points)
    assert set(result.seconds) == {"keypoints", "motion", "files"}


def test_the_npz_is_in_amass_layout(pipe, source, tmp_path):
    result = capture(source, tmp_path / "out", pipe=pipe, **FEW)
    arrays = np.load(result.files["npz"][0], allow_pickle=False)
    assert arrays["poses"].shape == (40, 72) and arrays["trans"].shape == (40, 3)
    assert arrays["mocap_framerate"] == 30


def test_where_nobody_was_seen_is_kept_beside_the_motion(pipe, tmp_path):
    seen = keypoints_of(90)
    seen.points[20:80] = 0
    seen.save(tmp_path / "gone.npz")
    result = capture(tmp_path / "gone.npz", tmp_path / "out", pipe=pipe, longest_unseen=1.0, **FEW)
    assert result.unseen == ((20, 80),) and result.still == ((35, 65),)
    written = json.loads((tmp_path / "out" / "gone.spans.json").read_text())
    assert written == {"fps": 30.0, "unseen": [[20, 80]], "still": [[35, 65]]}


def test_the_preview_is_as_long_as_the_motion(pipe, source, tmp_path):
    result = capture(source, tmp_path / "out", pipe=pipe, num_inference_steps=1)
    frames = list(read_frames(result.files["preview"][0], fps=30))
    assert len(frames) == 40 and frames[0].std() > 5


def test_progress_goes_from_nothing_to_done_in_every_stage(pipe, source, tmp_path):
    heard: dict[str, list[float]] = {}

    def progress(stage: str, share: float) -> None:
        heard.setdefault(stage, []).append(share)

    capture(source, tmp_path / "out", pipe=pipe, progress=progress, **FEW)
    assert list(heard) == ["keypoints", "motion", "files"]
    assert all(shares[0] == 0 and shares[-1] == 1 and shares == sorted(shares) for shares in heard.values())


def test_the_same_seed_writes_the_same_bytes(pipe, source, tmp_path):
    first, second = (capture(source, tmp_path / name, pipe=pipe, seed=4, **FEW) for name in "ab")
    assert first.files["bvh"][0].read_bytes() == second.files["bvh"][0].read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.mp4", b"this is no video\n" * 50, "notes.mp4"),
        ("empty.mp4", b"", "empty.mp4"),
        ("half.npz", b"PK\x03\x04 and then nothing", "half.npz"),
        ("people.json", b"[{]", "people.json"),
    ],
)
def test_a_source_that_cannot_be_used_leaves_nothing_behind(pipe, tmp_path, name, content, message):
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        capture(source, tmp_path / "out", pipe=pipe, **FEW)
    assert not (tmp_path / "out").exists()

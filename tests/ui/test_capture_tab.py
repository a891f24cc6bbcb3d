"""The endpoint with real parts, on keypoints: test_browser.py gives it a video."""

import zipfile
from pathlib import Path

import gradio as gr
import numpy as np
import pytest

from vimo_pipeline.keypoints import Keypoints
from vimo_pipeline.ui.cancelling import Cancelling
from vimo_pipeline.ui.capture_tab import _endpoint

STANDING = np.array(
    [(0, 40), (3, 37), (-3, 37), (6, 40), (-6, 40), (18, 65), (-18, 65), (24, 95), (-24, 95), (26, 122),
     (-26, 122), (11, 125), (-11, 125), (12, 170), (-12, 170), (13, 212), (-13, 212)],
)  # fmt: skip


@pytest.fixture
def capture(untrained_pipe, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    return _endpoint(lambda: untrained_pipe, Cancelling())


@pytest.fixture
def clip(tmp_path):
    middle = np.stack([160 + 6 * np.sin(np.arange(8) / 3), np.zeros(8)], -1)  # swaying, pixels
    points = np.concatenate([STANDING + middle[:, None], np.ones((8, 17, 1))], -1).astype(np.float32)
    Keypoints(points, 30.0, 320, 240).save(tmp_path / "clip.npz")
    return str(tmp_path / "clip.npz")


def test_one_hypothesis_gives_plain_files_and_leaves_no_other(capture, clip):
    motions, preview, *downloads, summary = capture(clip, 1, 1.5, 2, 0)
    glb, bvh, npz, mp4 = map(Path, downloads)
    assert [path.suffix for path in (glb, bvh, npz, mp4)] == [".glb", ".bvh", ".npz", ".mp4"]
    assert motions == [glb] and preview == mp4
    assert set(glb.parent.iterdir()) == {glb, bvh, npz, mp4}
    assert "Imagining the motion" in summary


def test_several_hypotheses_come_as_zips(capture, clip):
    motions, _, glb, bvh, *_ = capture(clip, 2, 1.5, 2, 0)
    assert len(motions) == 2
    assert zipfile.ZipFile(bvh).namelist() == ["clip.bvh", "clip.1.bvh"]
    assert zipfile.ZipFile(glb).read("clip.glb") == motions[0].read_bytes()


def test_the_seed_decides_all_hypotheses_but_the_likeliest(capture, clip):
    (first, second), again, other = (
        [path.read_bytes() for path in capture(clip, 2, 1.5, 2, seed)[0]] for seed in (1, 1, 2)
    )
    assert again == [first, second]
    assert other[0] == first and other[1] != second


@pytest.mark.parametrize(("name", "content"), [("note.mp4", b"hello"), ("empty.mp4", b"")])
def test_what_is_no_video_becomes_a_message_and_leaves_nothing(capture, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(gr.Error, match=name):
        capture(str(tmp_path / name), 1, 1.5, 2, 0)
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_video_at_all_asks_for_one(capture):
    with pytest.raises(gr.Error, match="Upload one or record"):
        capture(None, 1, 1.5, 2, 0)

"""The endpoint with real parts, on keypoints: test_browser.py gives it a video."""

import zipfile
from pathlib import Path

import gradio as gr
import numpy as np
import pytest

from vimo_pipeline.ui.endpoints.capture_endpoint import capture_endpoint
from vimo_pipeline.ui.running.cancelling import Cancelling
from vimo_pipeline.ui.running.lending import Lender
from vimo_pipeline.ui.tabs.capture_tab import _people
from vimo_pipeline.ui.tabs.sending import Sender

from .standing import save_alphapose, standing


@pytest.fixture
def capture(untrained_pipe, cache):
    endpoint = capture_endpoint(Lender(lambda: untrained_pipe), Cancelling())

    def run(video, hypotheses=1, seed=0, **options):
        return endpoint(video, hypotheses=hypotheses, num_inference_steps=2, seed=seed, **options)

    return run


@pytest.fixture
def clip(tmp_path):
    swaying = standing(8, x=160)
    swaying.points[..., 0] += 6 * np.sin(np.arange(8) / 3)[:, None]
    swaying.save(tmp_path / "clip.npz")
    return str(tmp_path / "clip.npz")


def test_one_hypothesis_gives_plain_files_and_leaves_no_other(capture, clip):
    motions, preview, *downloads, summary = capture(clip)
    glb, bvh, npz, mp4 = map(Path, downloads)
    assert [path.suffix for path in (glb, bvh, npz, mp4)] == [".glb", ".bvh", ".npz", ".mp4"]
    assert motions == [glb, mp4] and preview == mp4
    assert set(glb.parent.iterdir()) == {glb, bvh, npz, mp4}
    assert "Imagining the motion" in summary


def test_several_hypotheses_come_as_zips(capture, clip):
    motions, _, glb, bvh, *_ = capture(clip, 2)
    assert [path.suffix for path in motions] == [".glb", ".glb", ".mp4"]
    assert zipfile.ZipFile(bvh).namelist() == ["clip.bvh", "clip.1.bvh"]
    assert zipfile.ZipFile(glb).read("clip.glb") == motions[0].read_bytes()


def test_the_seed_decides_all_hypotheses_but_the_likeliest(capture, clip):
    (first, second), again, other = (
        [path.read_bytes() for path in capture(clip, 2, seed)[0][:2]] for seed in (1, 1, 2)
    )
    assert again == [first, second]
    assert other[0] == first and other[1] != second


@pytest.mark.parametrize(("name", "content"), [("note.mp4", b"hello"), ("empty.mp4", b"")])
def test_what_is_no_video_becomes_a_message_and_leaves_nothing(capture, cache, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(gr.Error, match=name):
        capture(str(tmp_path / name))
    assert list(cache.iterdir()) == []


def test_no_video_at_all_asks_for_one(capture):
    with pytest.raises(gr.Error, match="Upload one or record"):
        capture(None)


def test_keypoints_take_the_place_of_a_video_and_time_can_be_trimmed(capture, clip):
    from vimo_pipeline.export import load_motion

    *_, npz, _, summary = capture(None, keypoints=clip, start=0.1)
    assert len(load_motion(npz)) == 5 and npz.name == "clip.npz" and "0.2 s of motion" in summary


def test_where_nobody_was_seen_is_said(capture, tmp_path):
    seen = standing(24)
    seen.points[6:18, :, 2] = 0
    seen.save(tmp_path / "away.npz")
    assert "Nobody was seen from 0.2 to 0.6 s" in capture(str(tmp_path / "away.npz"))[-1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"keypoints": "b.npz"}, "Remove one"),
        ({"start": 2, "stop": 1}, "must lie behind"),
        ({"start": 9}, "last 0.3 s"),
    ],
)
def test_what_contradicts_itself_says_what_to_do(capture, clip, options, words):
    with pytest.raises(gr.Error, match=words):
        capture(clip, **options)


def test_whom_to_follow_is_asked_only_where_several_are_seen(clip, tmp_path):
    assert not _people(None).visible and not _people(clip).visible
    save_alphapose(tmp_path / "alphapose.json", standing(30, x=80), standing(30, x=260))
    asked = _people(str(tmp_path / "alphapose.json"))
    assert asked.visible and [index for _, index in asked.choices] == [0, 1]


def test_the_chosen_hypothesis_is_sent_and_never_the_film():
    shown = ["a.glb", "b.glb", "a.preview.mp4"]
    assert Sender.chosen(shown, None) == Sender.chosen(shown, 0) == "a.glb"
    assert Sender.chosen(shown, 1) == Sender.chosen(shown, 2) == "b.glb"

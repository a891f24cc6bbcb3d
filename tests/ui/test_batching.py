import csv
import zipfile

import gradio as gr
import pytest

from vimo_pipeline.ui.endpoints.batch_endpoint import batch_endpoint
from vimo_pipeline.ui.endpoints.batching import kept_folder
from vimo_pipeline.ui.running.cancelling import Cancelling
from vimo_pipeline.ui.running.lending import Lender

from .standing import standing

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def clips(tmp_path):
    """One in which somebody is seen half of the time, and one that is none."""
    seen = standing(8)
    seen.points[4:, :, 2] = 0
    seen.save(tmp_path / "good.npz")
    (tmp_path / "bad.mp4").write_text("no video")
    return [str(tmp_path / "good.npz"), str(tmp_path / "bad.mp4")]


@pytest.fixture
def batch(untrained_pipe):
    endpoint = batch_endpoint(Lender(lambda: untrained_pipe), Cancelling())
    return lambda clips: endpoint(clips, num_inference_steps=2)


def test_a_clip_that_fails_says_why_and_costs_the_others_nothing(batch, clips):
    (good, bad), archive = batch(clips)
    assert good == ["good.npz", 0.3, "50%", 1.0, 1, "done"]
    assert bad[0] == "bad.mp4" and "bad.mp4" in bad[-1] and str(clips[1]) not in bad[-1]
    with zipfile.ZipFile(archive) as zipped:
        names = zipped.namelist()
        table = list(csv.reader(zipped.read("what_was_seen.csv").decode().splitlines()))
    assert {"01_good/good.glb", "01_good/good.bvh", "01_good/good.npz"} <= set(names)
    assert not any("bad" in name for name in names)
    assert table[0][0] == "File" and [line[0] for line in table[1:]] == ["good.npz", "bad.mp4"]


def test_asked_again_it_goes_on_where_it_was(batch, clips, monkeypatch):
    before = batch(clips[:1])[0][0]
    monkeypatch.setattr("vimo_pipeline.pipelines.capture.capture", None)  # nothing may be captured anew
    (again,), archive = batch(clips[:1])
    assert again == [*before[:-1], "was done before"]
    assert "01_good/good.glb" in zipfile.ZipFile(archive).namelist()


def test_other_options_or_another_clip_are_another_matter(clips, cache):
    names = {kept_folder(cache, clip, {"seed": seed}) for clip in clips for seed in (0, 1)}
    assert len(names) == 4 and kept_folder(cache, clips[0], {"seed": 0}) in names


def test_no_clip_and_too_many_are_said(batch, clips):
    with pytest.raises(gr.Error, match="no clip yet"):
        batch([])
    with pytest.raises(gr.Error, match="at most 50"):
        batch(clips * 26)

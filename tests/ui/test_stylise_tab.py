"""The endpoint with real parts; test_browser.py clicks."""

from pathlib import Path

import gradio as gr
import pytest

from vimo_pipeline.export import load_motion
from vimo_pipeline.ui.endpoints.stylise_endpoint import stylise_endpoint
from vimo_pipeline.ui.running.cancelling import Cancelling
from vimo_pipeline.ui.running.lending import Lender
from vimo_pipeline.ui.tabs.stylise_tab import _as_many, _fill

from .standing import standing

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def stylise(untrained_pipe):
    endpoint = stylise_endpoint(Lender(lambda: untrained_pipe), Cancelling())
    return lambda *files, **options: endpoint(*files, strength=2, num_inference_steps=2, **options)


def test_motion_style_and_results_stand_side_by_side_and_nothing_else_is_left(stylise, wave):
    shown, glb, bvh, npz, summary = stylise(wave, wave, hypotheses=2)
    assert [label for _, label in shown] == ["Motion", "Style", "Result 1", "Result 2"]
    assert set(glb.parent.iterdir()) == {*(path for path, _ in shown), glb, bvh, npz}
    assert "0.8 s of motion" in summary


def test_a_film_of_the_style_stands_nowhere(stylise, wave, tmp_path):
    standing(8).save(tmp_path / "seen.npz")
    shown, _, bvh, *_ = stylise(wave, None, str(tmp_path / "seen.npz"))
    assert [label for _, label in shown] == ["Motion", "Result 1"] and len(load_motion(bvh)) == 24


def test_what_is_missing_becomes_a_message_and_leaves_nothing(stylise, wave, cache):
    with pytest.raises(gr.Error, match="no motion yet"):
        stylise(None, wave)
    with pytest.raises(gr.Error, match="either a motion or a video"):
        stylise(wave, None)
    assert list(cache.iterdir()) == []


def test_the_strength_follows_the_number_of_steps():
    fewer, more = _as_many(3, 5), _as_many(20, 5)
    assert (fewer.maximum, fewer.value, more.maximum, more.value) == (3, 3, 20, 5)


def test_the_example_is_two_motions():
    motion, style, video = _fill()
    assert video is None and all(len(load_motion(Path(path))) > 60 for path in (motion, style))

"""The endpoint with real parts; test_browser.py clicks."""

from pathlib import Path

import gradio as gr
import pytest

from vimo_pipeline.export import load_motion
from vimo_pipeline.pipelines.completing.calm import BRIDGED
from vimo_pipeline.ui.endpoints.complete_endpoint import complete_endpoint
from vimo_pipeline.ui.running.cancelling import Cancelling
from vimo_pipeline.ui.running.lending import Lender
from vimo_pipeline.ui.tabs.complete_tab import _fill, _show_motion

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def complete(untrained_pipe):
    endpoint = complete_endpoint(Lender(lambda: untrained_pipe), Cancelling(), usual_calming=BRIDGED)

    def run(motion, mode="In-between", keep="0:8", parts=("left_arm",), calming=0.25, hypotheses=1):
        return endpoint(motion, mode, keep, list(parts), None, 30, None, 0, calming, hypotheses, 1, 2, 0)

    return run


def test_before_and_results_stand_beside_each_other_and_nothing_else_is_left(complete, wave):
    shown, glb, bvh, npz, picture, summary = complete(wave, hypotheses=2)
    assert [label for _, label in shown] == ["Before", "Result 1", "Result 2"]
    assert "keeps 8 of 24 frames" in summary
    assert [path.suffix for path in (glb, bvh, npz)] == [".zip"] * 3
    assert set(glb.parent.iterdir()) == {*(path for path, _ in shown), glb, bvh, npz, picture}


def test_all_calm_goes_a_shorter_way_than_none(complete, wave):
    motions = [load_motion(complete(wave, keep="0:8,20:24", calming=calming)[3]) for calming in (0, 1)]
    lively, calm = (motion.joints()[8:20].diff(n=2, dim=0).norm(dim=-1).mean() for motion in motions)
    assert calm < 0.8 * lively  # joints that an untrained denoiser turns to the other side are left alone


def test_what_is_no_motion_becomes_a_message_and_leaves_nothing(complete, cache, tmp_path):
    (tmp_path / "note.bvh").write_text("hello")
    with pytest.raises(gr.Error, match=r"note\.bvh"):
        complete(str(tmp_path / "note.bvh"))
    with pytest.raises(gr.Error, match="no motion yet"):
        complete(None)
    assert list(cache.iterdir()) == []


def test_a_chosen_motion_is_shown_with_its_middle_to_be_imagined(untrained_pipe, wave):
    ((path, _),), timeline, _ = _show_motion(Lender(lambda: untrained_pipe))(wave)
    assert len(load_motion(path)) == 24
    assert timeline.value == "0:8,16:24"


@pytest.mark.parametrize("task", ["In-between", "Body parts", "Blend"])
def test_examples_are_motions_of_30_frames_a_second(task):
    motion, mode, _, second = _fill(task)()
    assert mode == task and (second is not None) == (task == "Blend")
    for path in filter(None, (motion, second)):
        assert load_motion(Path(path)).fps == 30

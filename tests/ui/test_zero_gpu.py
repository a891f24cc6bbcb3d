"""What a ZeroGPU Space does to the page, as far as a machine without one can show it: see zero_gpu.py."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import gradio as gr
import pytest

pytest.importorskip("spaces", reason="pip install spaces to see what a ZeroGPU Space does")

from vimo_pipeline.ui.running.cancelling import Cancelled
from vimo_pipeline.ui.running.lending import Lender
from vimo_pipeline.ui.running.serving import errors_for_people

from .standing import standing


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("space")
    standing(8).save(folder / "clip.npz")
    script = Path(__file__).with_name("zero_gpu.py")
    done = subprocess.run(
        [sys.executable, script, folder], capture_output=True, text=True, timeout=600,
        env={**os.environ, "PYTHONPATH": str(script.parents[2])},
    )  # fmt: skip
    assert (folder / "told.json").is_file(), done.stderr[-3000:]
    return json.loads((folder / "told.json").read_text())


def test_the_weights_are_on_the_gpu_before_anybody_borrows_one(told):
    assert told["device"] == "cuda:0"


def test_every_tab_works_where_sampling_is_another_process(told):
    assert "Imagining the motion" in told["capture"]
    assert "keeps 4 of 8 frames" in told["complete"]
    assert "0.3 s of motion" in told["stylise"]
    assert told["batch"][0][-1] == "done"


def test_a_gpu_is_borrowed_once_a_motion_and_given_back(told):
    assert told["borrowed"] == 4
    assert told["asked"].count("/release") == told["asked"].count("/schedule")


def test_a_refusal_keeps_its_words_on_the_way_back(told):
    assert "Keep at least one frame" in told["refused"]["early"]
    assert "strength must be between 0 and 2" in told["refused"]["late"]


@pytest.mark.parametrize("error", [ValueError("no frame"), FileNotFoundError("gone"), Cancelled()])
def test_what_is_refused_or_cancelled_comes_back_as_it_was_raised(error):
    def refuse(pipe):
        raise error

    with pytest.raises(type(error)) as caught:
        Lender(lambda: None).run(refuse)
    assert caught.value is error
    assert type(pickle.loads(pickle.dumps(error))) is type(error)


def test_what_the_space_itself_says_reaches_the_page():
    with pytest.raises(gr.Error, match="quota"), errors_for_people():
        raise gr.Error("You have exceeded your ZeroGPU quota", title="ZeroGPU quota exceeded")

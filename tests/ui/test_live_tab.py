import time
from types import SimpleNamespace

import gradio as gr
import pytest

from vimo_pipeline.export import load_motion
from vimo_pipeline.ui.app import build_app
from vimo_pipeline.ui.components.live_readout import told
from vimo_pipeline.ui.running.delay import Delay
from vimo_pipeline.ui.running.visitors import Visitors
from vimo_pipeline.ui.tabs import live_tab
from vimo_pipeline.ui.tabs.greeting import greeting

from .test_visitors import BLACK, WHITE, Detector

ANNA = SimpleNamespace(session_hash="anna")


@pytest.fixture
def visitors(untrained_pipe, monkeypatch, cache):
    monkeypatch.setattr(live_tab, "PAUSE", 0.0)
    return Visitors(lambda: untrained_pipe, estimator=Detector())


def test_the_page_is_told_numbers_in_the_order_that_the_viewer_reads():
    motion, delay = greeting().frames(10, 12), Delay()
    delay.add(1.0, 0.2345)
    delay.add(1.1, 0.2345)
    value = told(motion, delay, "Step back.")
    first = value["frames"][0]
    assert len(value["frames"]) == 2 and len(first) == 3 + 24 * 4 + 4
    assert first[:3] == pytest.approx(motion.root[0].tolist(), abs=1e-4)
    assert first[7:11] == pytest.approx(motion.rotations[0, 1].tolist(), abs=1e-4)
    assert first[-4:] == motion.contacts[0].tolist()
    assert (value["delay"], value["most"], value["rate"], value["said"]) == (234, 234, 10.0, "Step back.")


def test_a_stop_hands_out_the_motion(visitors):
    follow, keep = live_tab._follow(visitors), live_tab._keep(visitors)
    for _ in range(3):
        time.sleep(0.05)  # a stream gives a pose for every thirtieth of a second
        value = follow(WHITE, 0, ANNA)
    assert value["frames"] and value["delay"] >= 0
    viewer, readout, results, *files = keep(ANNA)
    assert results.visible and "yours" in readout["said"]
    lengths = {len(load_motion(path)) for path in [*viewer, *files]}
    assert len(files) == 3 and lengths == {len(visitors.stop("anna"))}


def test_where_nobody_was_there_is_nothing_to_hand_out(visitors):
    value = live_tab._follow(visitors)(BLACK, 0, ANNA)
    assert "Nobody" in value["said"] and not value["frames"]
    _, readout, results, *files = live_tab._keep(visitors)(ANNA)
    assert "nobody" in readout["said"] and not results.visible and files == [None] * 3


def test_what_goes_wrong_is_a_sentence_and_no_toast_a_picture(visitors):
    value = live_tab._follow(visitors)(WHITE, 99, ANNA)
    assert "look_ahead must be between" in value["said"]


def test_places_are_few_and_turns_are_short(untrained_pipe):
    app = build_app(untrained_pipe)
    (live,) = [fn for fn in app.fns.values() if fn.connection == "stream"]
    assert (live.concurrency_limit, live.time_limit) == (live_tab.PLACES, live_tab.TURN_SECONDS)
    assert live.stream_every == live_tab.PICTURE_EVERY
    (camera,) = [block for block in app.blocks.values() if isinstance(block, gr.Image) and block.streaming]
    assert not camera.webcam_options.mirror, "left is left"
    assert any(event == "unload" for fn in app.fns.values() for _, event in fn.targets)

from types import SimpleNamespace

import gradio as gr
import pytest

from vimo_pipeline.ui.running.cancelling import Cancelled, Cancelling, Telling

ANNA, BEN = SimpleNamespace(session_hash="anna"), SimpleNamespace(session_hash="ben")


def telling(wish):
    return Telling(wish, gr.Progress(), {"motion": "Imagining"})


def test_a_run_stops_at_its_next_step_once_its_own_session_has_asked(tmp_path):
    stops = Cancelling()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with stops.watched(ANNA, tmp_path / "a") as wish, stops.watched(BEN, tmp_path / "b") as other:
        telling(wish)("motion", 0.5)
        stops.ask(ANNA)
        with pytest.raises(Cancelled):
            telling(wish)("motion", 0.6)
        telling(other)("motion", 0.6)


def test_a_wish_outside_a_run_concerns_no_later_one(tmp_path):
    stops = Cancelling()
    stops.ask(ANNA)
    with stops.watched(ANNA, tmp_path) as wish:
        telling(wish)("motion", 0.0)
    stops.ask(ANNA)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_has_just_been_tidied_away_may_be_cancelled(tmp_path):
    stops = Cancelling()
    with stops.watched(ANNA, tmp_path / "gone"):
        stops.ask(ANNA)


def test_how_far_a_run_is_can_go_to_another_process(tmp_path):
    import pickle

    assert pickle.loads(pickle.dumps(telling(tmp_path / "wish"))).wish == tmp_path / "wish"

"""Who is live, without a browser: a detector that sees one person stands in for the camera's."""

from time import perf_counter

import numpy as np
import pytest
from PIL import Image

from vimo_pipeline.ui.running.visitors import NO_FEET, NOBODY, Visitor, Visitors, fitted

from .standing import standing

STEP = 0.1  # seconds between pictures


class Detector:
    """Sees somebody in every picture that is not black, without their feet in those that are red."""

    name = "colours"

    def estimate(self, frame):
        if not frame.any():
            return np.zeros((0, 17, 3), np.float32)
        (person,) = standing(1).points
        person[15:, 2] = frame[..., 1].any()
        return person[None]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


WHITE, BLACK, RED = (Image.new("RGB", (320, 240), colour) for colour in ("white", "black", "red"))


@pytest.fixture
def visitors(untrained_pipe):
    return Visitors(lambda: untrained_pipe, estimator=Detector(), most=3)


@pytest.fixture
def visitor(untrained_pipe):
    return Visitor(untrained_pipe, look_ahead=2, estimator=Detector())


def watch(visitor, *, pictures, start=0.0):
    """Frames that came out for some pictures, three frames of the model's clock apart."""
    came = [visitor.see(fitted(picture), start + STEP * number) for number, picture in enumerate(pictures)]
    return sum(len(motion) for motion in came if motion)


def test_pictures_become_poses_and_a_recording(visitor):
    frames = watch(visitor, pictures=[WHITE] * 10)
    assert frames == 28 - 2  # 0.9 s at 30 a second, of which two still wait
    assert len(visitor.stop()) == 28
    assert visitor.advice == ""


def test_who_stops_starts_anew_with_the_next_picture(visitor):
    watch(visitor, pictures=[WHITE] * 5)
    visitor.stop()
    watch(visitor, pictures=[WHITE] * 5, start=100.0)
    assert len(visitor.stop()) == 13


def test_a_turned_phone_starts_over(visitor):
    watch(visitor, pictures=[WHITE] * 5)
    watch(visitor, pictures=[WHITE.rotate(90, expand=True)] * 5, start=0.5)
    assert len(visitor.stop()) == 13


@pytest.mark.parametrize(("picture", "advice"), [(BLACK, NOBODY), (RED, NO_FEET), (WHITE, "")])
def test_advice(visitor, picture, advice):
    watch(visitor, pictures=[picture] * 4)
    assert visitor.advice == advice


def test_visitors_share_nothing(visitors):
    for _ in range(4):
        visitors.see("anna", WHITE, look_ahead=2)
    ben, _ = visitors.see("ben", BLACK, look_ahead=2)
    anna, _ = visitors.see("anna", WHITE, look_ahead=2)
    assert len(visitors) == 2 and anna.stream.present and not ben.stream.present
    assert not len(ben.recording)


def test_another_look_ahead_is_another_stream(visitors):
    one, _ = visitors.see("anna", WHITE, look_ahead=2)
    same, _ = visitors.see("anna", WHITE, look_ahead=2)
    other, _ = visitors.see("anna", WHITE, look_ahead=0)
    assert one is same and one is not other and len(visitors) == 1


def test_a_stop_gives_what_there_is_and_what_comes_too_late_is_left_out(visitors):
    early = perf_counter()
    anna, _ = visitors.see("anna", WHITE, look_ahead=0)
    assert len(visitors.stop("anna")) == 1 and not len(visitors.stop("nobody"))
    assert anna.see(fitted(WHITE), early) is None and len(anna.recording) == 1


def test_who_leaves_is_forgotten_and_there_are_never_more_than_so_many(visitors):
    for number in range(5):
        visitors.see(f"session {number}", WHITE, look_ahead=0)
    assert len(visitors) == 3
    visitors.leave("session 4")
    visitors.leave("session 4")
    assert len(visitors) == 2


def test_start_over_forgets_the_recording(visitors):
    for _ in range(3):
        visitor, _ = visitors.see("anna", WHITE, look_ahead=0)
    visitors.start_over("anna")
    assert not len(visitor.recording) and visitor.stream.seconds is None


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "CMYK"])
def test_pictures_of_any_size_and_kind_fit(mode):
    assert fitted(Image.new(mode, (1920, 1080))).shape == (270, 480, 3)
    assert fitted(Image.new(mode, (50, 700))).shape == (480, 34, 3)
    assert fitted(Image.new(mode, (2, 1))).shape == (1, 2, 3)

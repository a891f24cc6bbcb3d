"""Pictures through an estimating thread and a stream."""

import numpy as np
import pytest

from vimo_pipeline.pipelines.live import paced, watch
from vimo_pipeline.pipelines.stream import ViMoStream

from .test_stream import SHORT, Sketch


def pictures(count: int, size: int = 400):
    for k in range(count):
        picture = np.zeros((size, size, 3), np.uint8)
        picture[0, 0, 0] = 1 + k
        yield k / 30, picture


@pytest.fixture
def stream(pipe) -> ViMoStream:
    return ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)


def test_every_picture_is_watched_in_order_and_motion_is_the_streams(pipe, stream):
    watched = list(watch(pictures(8), stream))
    alone = ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)
    assert [one.seconds for one in watched] == [k / 30 for k in range(8)]
    for (seconds, picture), one in zip(pictures(8), watched, strict=True):
        motion = alone.push(picture, seconds)
        assert (motion is None) == (one.motion is None) == (one.latency is None)
        if motion is not None:
            assert (motion.root - one.motion.root).abs().max() < 1e-5
            assert one.latency > 0


def test_errors_of_pictures_are_raised_where_they_are_waited_for(stream):
    def torn():
        yield from pictures(2)
        yield 1.0, next(pictures(1, size=200))[1]

    with pytest.raises(ValueError, match="one picture size"):
        list(watch(torn(), stream))


def test_the_one_who_looks_may_leave(stream):
    closed = []

    def camera():
        try:
            yield from pictures(250)
        finally:
            closed.append(True)

    source = camera()
    for _ in watch(source, stream):
        break
    source.close()
    assert closed


def test_a_film_comes_at_its_own_pace():
    times = [seconds for seconds, _ in paced([np.zeros(1)] * 4, fps=200.0)]
    assert times == [0, 0.005, 0.01, 0.015]

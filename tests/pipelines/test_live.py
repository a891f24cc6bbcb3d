"""Pictures through a process that looks and a stream."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.pipelines.live import film, until, watch
from vimo_pipeline.pipelines.stream import ViMoStream

from .test_stream import SHORT, Sketch

EXAMPLE = Path(__file__).parents[2] / "examples" / "example.mp4"


def pictures(count: int, *, torn: bool = False):
    """What another process can import and call."""
    for k in range(count):
        picture = np.zeros((400, 400, 3), np.uint8)
        picture[0, 0, 0] = 1 + k
        yield k / 30, picture
    if torn:
        yield count / 30, np.zeros((200, 200, 3), np.uint8)


@pytest.fixture
def stream(pipe) -> ViMoStream:
    return ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)


@pytest.mark.slow
def test_every_picture_is_watched_in_order_and_motion_is_the_streams(pipe, stream):
    watched = list(watch(partial(pictures, 8), stream, pictures=True, keep_up=False))
    alone = ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)
    assert [one.seconds for one in watched] == [k / 30 for k in range(8)]
    for (seconds, picture), one in zip(pictures(8), watched, strict=True):
        motion = alone.push(picture, seconds)
        assert (motion is None) == (one.motion is None) == (one.latency is None)
        assert (one.picture == picture).all()
        if motion is not None:
            assert (motion.root - one.motion.root).abs().max() < 1e-5
            assert one.latency > 0


@pytest.mark.slow
def test_errors_over_there_are_raised_here(stream):
    with pytest.raises(ValueError, match="one picture size"):
        list(watch(partial(pictures, 2, torn=True), stream))
    with pytest.raises(FileNotFoundError, match="no video"):
        list(watch(partial(film, "nothing.mp4"), stream))


@pytest.mark.slow
def test_the_one_who_looks_may_leave(stream):
    for _ in watch(partial(pictures, 250), stream):
        break
    stream.reset()
    assert stream.push(next(pictures(1))[1]) is None


def test_a_film_comes_at_its_own_pace_and_only_its_start_is_taken():
    times = [seconds for seconds, _ in until(partial(film, EXAMPLE, max_side=64, paced=True), 0.1)]
    assert times == pytest.approx([0, 1 / 30, 2 / 30])

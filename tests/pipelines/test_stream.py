"""A stream is one motion however its frames arrive, and says what it cannot take."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline import Keypoints
from vimo_pipeline.pipelines.stream import ViMoStream

from .conftest import keypoints_of

SHORT = {"window": 10, "look_ahead": 3, "patience": 0.3}


@pytest.fixture
def stream(pipe) -> ViMoStream:
    return ViMoStream.from_pipe(pipe, **SHORT)


class Sketch:
    """An estimator that reads a person off the colours of the picture's first pixels."""

    name = "sketch"

    def estimate(self, frame):
        x = float(frame[0, 0, 0])
        return a_person(x)[None] if x else np.zeros((0, 17, 3), np.float32)


def a_person(x: float = 0.0) -> np.ndarray:
    """Somebody who stands upright, [17, 3]."""
    rest = np.random.default_rng(0).uniform(100, 300, (17, 2)) + np.array([x, 0])
    return np.concatenate([rest, np.full((17, 1), 0.9)], 1).astype(np.float32)


def part(seen: Keypoints, start: int, stop: int | None = None) -> Keypoints:
    return Keypoints(seen.points[start:stop], seen.fps, seen.width, seen.height)


def features_of(stream: ViMoStream, pieces: list) -> torch.Tensor:
    """All that comes out of a stream, [T, 151]."""
    motions = [*(stream.push(piece) for piece in pieces), stream.flush()]
    return torch.cat([motion.pack() for motion in motions if motion is not None])


def test_every_frame_comes_out_once_and_look_ahead_frames_late(stream):
    seen = keypoints_of(14)
    lengths = [len(motion) if (motion := stream.push(part(seen, k, k + 1))) else 0 for k in range(14)]
    assert lengths == [0] * 3 + [1] * 11
    assert stream.seconds == pytest.approx(10 / 30)
    assert len(stream.flush()) == 3
    assert stream.seconds == pytest.approx(13 / 30)
    assert stream.flush() is None


@pytest.mark.parametrize("cuts", [[5, 9], [1, 2, 11]])
def test_a_clip_in_chunks_is_the_clip(pipe, cuts):
    seen = keypoints_of(12)
    whole = features_of(ViMoStream.from_pipe(pipe, **SHORT), [seen])
    edges = [0, *cuts, 12]
    chunks = [part(seen, a, b) for a, b in pairwise(edges)]
    assert_close(features_of(ViMoStream.from_pipe(pipe, **SHORT), chunks), whole, rtol=0, atol=1e-5)
    assert len(whole) == 12


def test_the_order_of_chunks_matters(pipe):
    seen = keypoints_of(8)
    forth, back = (
        features_of(ViMoStream.from_pipe(pipe, **SHORT), chunks)
        for chunks in ([part(seen, 0, 4), part(seen, 4)], [part(seen, 4), part(seen, 0, 4)])
    )
    assert (forth - back).abs().max() > 1e-3


def test_streams_of_one_pipeline_do_not_hear_of_each_other(pipe):
    one, other = keypoints_of(12), keypoints_of(12, seed=1)
    streams = [ViMoStream.from_pipe(pipe, **SHORT) for _ in range(3)]
    alone = features_of(streams[0], [one])
    for k in range(12):
        streams[1].push(part(one, k, k + 1)), streams[2].push(part(other, k, k + 1))
    streams[1].reset()
    assert_close(features_of(streams[1], [one]), alone, rtol=0, atol=0)


def test_the_path_has_no_jump_where_the_window_slides(pipe):
    """An untrained network walks wildly; still no step is longer where frames leave the window."""
    root = features_of(ViMoStream.from_pipe(pipe, **SHORT), [keypoints_of(30)])[:, -3:]
    steps = root.diff(dim=0).norm(dim=-1)
    assert steps[12:].max() < 3 * steps[12:].median()


def test_a_camera_at_another_rate_gives_the_pipelines_rate(pipe):
    stream = ViMoStream.from_pipe(pipe, **SHORT)
    motion = features_of(stream, [keypoints_of(15, fps=15.0)])
    assert len(motion) == 29  # from 0 to 14 / 15 seconds
    twice = features_of(ViMoStream.from_pipe(pipe, **SHORT), [keypoints_of(30, fps=60.0)])
    assert len(twice) == 15


def test_frames_that_are_lost_or_late_leave_no_gap_in_time(stream):
    seen, done = keypoints_of(40), 0
    for k in range(40):
        if k not in (7, 8, 20):
            motion = stream.push(part(seen, k, k + 1), 100 + k / 30 + 0.004 * (-1) ** k)
            done += len(motion) if motion else 0
    assert done + len(stream.flush()) == 40
    assert stream.seconds == pytest.approx(100 + 39 / 30, abs=0.01)


def test_whoever_leaves_and_returns_goes_on_from_there(stream):
    seen = keypoints_of(20)
    before = stream.push(seen)
    nobody = np.zeros((17, 3), np.float32)
    imagined = [stream.push(nobody) for _ in range(30)]
    assert sum(motion is not None for motion in imagined) == 9  # the patience
    assert not stream.present and stream.flush() is None
    last = [motion for motion in imagined if motion][-1]
    after = stream.push(seen)
    assert stream.present
    assert (after.root[0] - last.root[-1])[[0, 2]].norm() < 0.05
    assert len(before) + 9 + len(after) + len(stream.flush()) == 17 + 9 + 20  # three were under way


def test_nothing_comes_out_before_somebody_is_seen(stream):
    assert [stream.push(np.zeros((17, 3))) for _ in range(12)] == [None] * 12
    assert not stream.present


def test_a_long_pause_costs_no_more_than_the_patience(stream):
    stream.push(keypoints_of(10))
    motion = stream.push(keypoints_of(5), 3600.0)
    assert motion is None or len(motion) < 20
    assert len(stream.flush()) > 0
    assert stream.seconds == pytest.approx(3600 + 4 / 30, abs=0.04)


def test_pictures_go_through_the_estimator_and_are_cleaned(pipe):
    stream = ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)
    pictures = np.zeros((8, 400, 400, 3), np.uint8)
    pictures[:, 0, 0, 0] = 1 + np.arange(8)
    calm = features_of(stream, list(pictures))
    stream.reset()
    pictures[4, 0, 0, 0] = 0  # nobody
    bridged = features_of(stream, list(pictures))
    assert len(calm) == len(bridged) == 8
    assert (calm - bridged).abs().max() > 1e-4


def test_what_cannot_be_next_is_refused_and_changes_nothing(pipe):
    seen = keypoints_of(20)
    undisturbed = features_of(ViMoStream.from_pipe(pipe, **SHORT), [seen])
    stream = ViMoStream.from_pipe(pipe, estimator=Sketch(), **SHORT)
    first = stream.push(part(seen, 0, 10), 5.0)
    for wrong, when, words in (
        (part(seen, 10), 1.0, "must rise"),
        (part(seen, 10), float("nan"), "finite"),
        (Keypoints(seen.points, 30.0, 1920, 1080), None, "1920 x 1080 after 640 x 480"),
        (np.zeros((48, 64, 3), np.uint8), None, "one picture size"),
        (np.zeros((0, 64, 3), np.uint8), None, r"\[0, 64, 3\]"),
        (np.zeros((0, 17, 3)), None, r"float64 \[0, 17, 3\]"),
        (np.full((17, 3), np.nan), None, "NaN"),
        ([1, 2, 3], None, "list"),
    ):
        with pytest.raises(ValueError, match=words):
            stream.push(wrong, when)
    rest = [first, stream.push(part(seen, 10)), stream.flush()]
    assert_close(torch.cat([motion.pack() for motion in rest]), undisturbed, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "options",
    [{"window": 4, "look_ahead": 3}, {"window": 1000}, {"look_ahead": -1}, {"patience": -1.0},
     {"smoothing": float("nan")}, {"lift_strength": 2.0}, {"guidance_scale": -1.0},
     {"guidance_scale": 21.0}],
)  # fmt: skip
def test_options_out_of_range_are_refused(pipe, options):
    with pytest.raises(ValueError, match=next(reversed(options)).split("_")[0]):
        ViMoStream.from_pipe(pipe, **({"window": 10} | options))


def test_memory_does_not_grow(stream):
    seen = keypoints_of(8)

    def held() -> list[int]:
        tensors = [stream._window.finished, stream._window.guess, stream._window.noise]
        return [tensor.numel() for tensor in tensors] + [stream._seen.size, len(stream._times)]

    for _ in range(6):  # the window and the second before it are full
        stream.push(seen)
    before = held()
    stream.push(seen)
    assert held() == before

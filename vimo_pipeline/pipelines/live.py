"""Pictures through a stream: the next one is looked at while the network works on the last."""

from collections import deque
from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from time import perf_counter, sleep
from typing import NamedTuple

from numpy import ndarray

from ..motion import Motion
from .stream import Sight, ViMoStream

_PATIENCE = 0.1  # seconds between two looks whether anybody still listens


class Watched(NamedTuple):
    """A picture, what was seen in it, and the frames of motion that it finished, which are older."""

    seconds: float
    picture: ndarray
    points: ndarray  # [17, 3] where the person is, cleaned
    motion: Motion | None
    latency: float | None
    """Seconds between the coming of the newest finished frame's picture and now."""


class _Seen(NamedTuple):
    seconds: float
    came: float  # by the clock on the wall
    picture: ndarray
    sight: Sight


def watch(pictures: Iterable[tuple[float, ndarray]], stream: ViMoStream) -> Iterator[Watched]:
    """Follow pictures with their times, uint8 RGB [H, W, 3]; two cores are used evenly.

    The stream is not flushed at the end. An error in what gives the pictures is raised here.

        for watched in watch(camera_frames(0), stream): ...
    """
    answers: Queue[_Seen | Exception | None] = Queue(maxsize=1)
    stop = Event()
    looking = Thread(target=_look, args=(pictures, stream, answers, stop), daemon=True)
    looking.start()
    came: deque[tuple[float, float]] = deque()
    try:
        while (seen := answers.get()) is not None:
            if isinstance(seen, Exception):
                raise seen
            came.append((seen.seconds, seen.came))
            motion = stream.push(seen.sight)
            latency = None if motion is None else perf_counter() - _came(came, stream.seconds or 0.0)
            yield Watched(seen.seconds, seen.picture, seen.sight.lately[-1], motion, latency)
    finally:
        stop.set()
        looking.join()


def paced(frames: Iterable[ndarray], fps: float) -> Iterator[tuple[float, ndarray]]:
    """Frames of a film as a camera would give them: none comes before its time."""
    start = perf_counter()
    for number, frame in enumerate(frames):
        sleep(max(0.0, start + number / fps - perf_counter()))
        yield number / fps, frame


def _look(pictures: Iterable[tuple[float, ndarray]], stream: ViMoStream, answers: Queue, stop: Event) -> None:
    """What the estimating thread does."""
    answer: _Seen | Exception | None = None
    try:
        for seconds, picture in pictures:
            answer = _Seen(seconds, perf_counter(), picture, stream.look(picture, seconds))
            _give(answer, answers, stop)
            if stop.is_set():
                break
        answer = None
    except Exception as error:  # of the camera, the film or the estimator: raised where they are waited for
        answer = error
    _give(answer, answers, stop)


def _give(answer: _Seen | Exception | None, answers: Queue, stop: Event) -> None:
    while not stop.is_set():
        try:
            return answers.put(answer, timeout=_PATIENCE)
        except Full:
            continue


def _came(came: deque[tuple[float, float]], seconds: float) -> float:
    """When the picture came that shows a time; older ones are forgotten."""
    while len(came) > 1 and came[1][0] <= seconds + 1e-6:
        came.popleft()
    return came[0][1]

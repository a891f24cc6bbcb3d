"""Pictures through a stream: a process of their own looks at them while the network works on the last.

Threads do not do here: mediapipe and the network's many small steps wait for each other's turn at the
interpreter, and pose estimation takes four times as long.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

from numpy import ndarray

from ..keypoints.live.looking import Looker, Sight, together
from ..motion import Motion
from ..video.reader import read_frames
from .stream import ViMoStream

Source = Callable[[], Iterable[tuple[float, ndarray]]]  # seconds and uint8 RGB [H, W, 3]

_AHEAD = 1  # pictures that may be looked at before the network asks for them
_TOGETHER = 4  # pictures at most that enter with one call
_LEAVING = 3.0  # seconds that the other process has to close its camera
_KEPT = 12  # frames of what was seen lately that a stream can use


class Watched(NamedTuple):
    """A picture, what was seen in it, and the frames of motion that it finished, which are older."""

    seconds: float
    picture: ndarray | None
    points: ndarray  # [17, 3] where the person is, cleaned
    motion: Motion | None
    latency: float | None
    """Seconds between the coming of the newest finished frame's picture and now."""


class _Seen(NamedTuple):
    seconds: float
    came: float  # by the clock on the wall, which processes share
    picture: ndarray | None
    sight: Sight


def watch(
    source: Source, stream: ViMoStream, *, pictures: bool = False, keep_up: bool = True
) -> Iterator[Watched]:
    """Follow what a source gives; two cores are used evenly.

    source: called in another process, so it must be picklable, as `functools.partial(camera_frames, 0)` is;
    a script that calls this needs `if __name__ == "__main__":`. pictures: bring them along. keep_up: pictures
    that came while the network was busy enter it together, with one call. The stream is not flushed at the
    end. What goes wrong over there is raised here.

        for watched in watch(partial(camera_frames, 0), stream): ...
    """
    context = get_context("spawn")
    here, there = context.Pipe()
    looker = (stream.fps, stream.patience, stream.estimator)
    looking = context.Process(target=_look, args=(source, looker, there, pictures), daemon=True)
    looking.start()
    there.close()
    came: deque[tuple[float, float]] = deque()
    try:
        for seen in _batches(here, keep_up):
            came.extend((one.seconds, one.came) for one in seen)
            motion = stream.push(together([one.sight for one in seen]))
            latency = None if motion is None else perf_counter() - _came(came, stream.seconds or 0.0)
            last = seen[-1]
            yield Watched(last.seconds, last.picture, last.sight.lately[-1], motion, latency)
    finally:
        here.close()
        looking.join(_LEAVING)
        looking.terminate()


def film(
    path: str | Path, *, fps: float = 30.0, max_side: int | None = None, paced: bool = False
) -> Iterator[tuple[float, ndarray]]:
    """A film in place of a camera; paced: no frame comes before its time."""
    start = None
    for number, frame in enumerate(read_frames(path, fps=fps, max_side=max_side)):
        start = perf_counter() if start is None else start
        if paced:
            sleep(max(0.0, start + number / fps - perf_counter()))
        yield number / fps, frame


def until(source: Source, seconds: float) -> Iterator[tuple[float, ndarray]]:
    """The start of what a source gives."""
    for time, picture in source():
        if time >= seconds:
            return
        yield time, picture


def _look(source: Source, looker: tuple[float, float, str | Path], there: Connection, pictures: bool) -> None:
    """What the other process does, until there is nothing more to see or nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the one who asked
    fps, longest, estimator = looker
    try:
        with Looker(fps=fps, longest=longest, estimator=estimator) as looking:
            _tell(source, looking, there, pictures)
        there.send(None)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # nobody listens any more
    except Exception as error:  # of the camera, the film or the estimator: raised where it is waited for
        there.send(error)


def _tell(source: Source, looker: Looker, there: Connection, pictures: bool) -> None:
    unheard = 0
    for seconds, picture in source():
        came = perf_counter()
        sight = looker.look(picture, seconds)
        few = Sight(sight.times, sight.lately[-max(_KEPT, len(sight.times)) :])
        there.send(_Seen(seconds, came, picture if pictures else None, few))
        unheard += 1
        while unheard > _AHEAD:
            there.recv()
            unheard -= 1


def _batches(here: Connection, keep_up: bool) -> Iterator[list[_Seen]]:
    """What was seen since the last time, at least one picture each."""
    while True:
        found: list[_Seen] = []
        while not found or (keep_up and len(found) < _TOGETHER and here.poll()):
            seen = _heard(here)
            if not isinstance(seen, _Seen):
                break
            found.append(seen)
        if found:
            yield found
        if isinstance(seen, Exception):
            raise seen
        if seen is None:
            return


def _heard(here: Connection) -> _Seen | Exception | None:
    try:
        seen = here.recv()
    except EOFError as gone:
        raise ValueError("pose estimation ended without a word") from gone
    if isinstance(seen, _Seen):
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have come to the end
            here.send(None)
    return seen


def _came(came: deque[tuple[float, float]], seconds: float) -> float:
    """When the picture came that shows a time; older ones are forgotten."""
    while len(came) > 1 and came[1][0] <= seconds + 1e-6:
        came.popleft()
    return came[0][1]

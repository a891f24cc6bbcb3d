"""How fast a stream is, from picture to pose, and what it holds on to."""

import os
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
from numpy import ndarray

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.pipelines.live import watch
from vimo_pipeline.pipelines.stream import ViMoStream
from vimo_pipeline.video import read_frames

SIZE = (640, 480)
WARM = 60  # frames before the clock counts: the window is full and the detector has found its pace


def pictures_of(video: Path, size: tuple[int, int] = SIZE) -> list[ndarray]:
    """Frames of a film as a webcam of this size would give them, 30 a second."""
    import cv2

    return [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in read_frames(video, fps=30.0)]


def webcam(video: Path, count: int, *, paced: bool) -> Iterator[tuple[float, ndarray]]:
    """A film over and over: 30 pictures a second, or as many as are wanted."""
    pictures, start = pictures_of(video), perf_counter()
    for number, picture in enumerate(islice(cycle(pictures), count)):
        if paced:
            sleep(max(0.0, start + number / 30.0 - perf_counter()))
        yield number / 30.0, picture


def rate(stream: ViMoStream, video: Path, frames: int) -> float:
    """Pictures a second that go through when they are there at once."""
    start = 0.0
    for number, _ in enumerate(watch(partial(webcam, video, WARM + frames, paced=False), stream)):
        start = perf_counter() if number == WARM - 1 else start
    return frames / (perf_counter() - start)


def latencies(stream: ViMoStream, video: Path, frames: int) -> ndarray:
    """Seconds from the coming of a picture to its pose, when pictures come 30 a second."""
    source = partial(webcam, video, WARM + frames, paced=True)
    found = [watched.latency for watched in watch(source, stream)]
    return np.array([latency for latency in found[WARM:] if latency is not None])


def held_after(pipe: ViMoPipeline, seen: Keypoints, minutes: list[int], *, fps: float) -> list[float]:
    """MiB of memory after so many minutes of a stream whose camera gives `fps` pictures a second."""
    # A short window holds on to as much as a long one, and takes half the time.
    stream, held, pushed = ViMoStream.from_pipe(pipe, window=16), [], 0
    rows = cycle(np.concatenate([seen.points, seen.points[::-1]]))  # forth and back, so that nothing jumps
    for minute in minutes:
        while pushed < minute * 60 * fps:
            stream.push(next(rows), pushed / fps)
            pushed += 1
        held.append(_resident())
    return held


def _resident() -> float:
    """Linux: pages of this process that are in memory, MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

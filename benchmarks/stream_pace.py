"""How fast a stream is, from picture to pose, and what it holds on to."""

import os
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy import ndarray

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.pipelines.live import paced, watch
from vimo_pipeline.pipelines.stream import ViMoStream
from vimo_pipeline.video import read_frames

SIZE = (640, 480)
WARM = 90  # frames before the clock counts: the window is full and the detector has found its pace


def pictures_of(video: Path, size: tuple[int, int] = SIZE) -> list[ndarray]:
    """Frames of a film as a webcam of this size would give them, 30 a second."""
    import cv2

    return [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in read_frames(video, fps=30.0)]


def rate(stream: ViMoStream, pictures: list[ndarray], frames: int) -> float:
    """Pictures a second that go through when they are there at once."""
    start = 0.0
    for number, _ in enumerate(watch(_timed(pictures, WARM + frames), stream)):
        start = perf_counter() if number == WARM - 1 else start
    return frames / (perf_counter() - start)


def latencies(stream: ViMoStream, pictures: list[ndarray], frames: int) -> ndarray:
    """Seconds from the coming of a picture to its pose, when pictures come 30 a second."""
    film = paced(islice(cycle(pictures), WARM + frames), 30.0)
    found = [watched.latency for watched in watch(film, stream)]
    return np.array([latency for latency in found[WARM:] if latency is not None])


def held_after(pipe: ViMoPipeline, seen: Keypoints, minutes: list[int], *, fps: float) -> list[float]:
    """MiB of memory after so many minutes of a stream whose camera gives `fps` pictures a second."""
    stream, held, pushed = ViMoStream.from_pipe(pipe), [], 0
    rows = cycle(np.concatenate([seen.points, seen.points[::-1]]))  # forth and back, so that nothing jumps
    for minute in minutes:
        while pushed < minute * 60 * fps:
            stream.push(next(rows), pushed / fps)
            pushed += 1
        held.append(_resident())
    return held


def _timed(pictures: list[ndarray], count: int):
    return ((number / 30.0, picture) for number, picture in enumerate(islice(cycle(pictures), count)))


def _resident() -> float:
    """Linux: pages of this process that are in memory, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

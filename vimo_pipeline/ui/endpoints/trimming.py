"""A part of a video or of a keypoints file, as a file of its own that everything else works on."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from numpy import ndarray

from ...keypoints import Keypoints, load_keypoints
from ...keypoints.load import kind_of
from ...video import probe_video, read_frames, write_video

FPS = 30.0  # frames a second of the part: what the model works with
MAX_SIDE = 1280  # pixels


def trimmed(
    source: str | Path,
    folder: Path,
    *,
    start: float = 0.0,
    stop: float = 0.0,
    person: int | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> Path:
    """The file that holds the seconds from start to stop; a stop of 0 is the end. The whole is the source.

    person: who in a keypoints file with several; tell: is given the share done, in [0, 1]. Raises ValueError
    where no time is left between the two.
    """
    source = Path(source)
    if start <= 0 and stop <= 0:
        return source
    if start < 0 or 0 < stop <= start:
        raise ValueError(f"the part from {start:g} s to {stop:g} s holds nothing; its end must lie behind")
    if kind_of(source) == "video":
        path = folder / f"{source.stem}.mp4"
        frames = read_frames(source, fps=FPS, start=start, stop=stop or None, max_side=MAX_SIDE)
        seconds = (stop or probe_video(source).seconds or math.inf) - start
        write_video(path, _told(frames, seconds * FPS, tell), fps=FPS)
    else:
        path = folder / f"{source.stem}.npz"
        _part(load_keypoints(source, person=person), start, stop).save(path)
    return path


def _told(frames: Iterable[ndarray], number: float, tell: Callable[[float], None]) -> Iterator[ndarray]:
    for done, frame in enumerate(frames):
        tell(min(done / max(number, 1), 1.0))
        yield frame


def _part(seen: Keypoints, start: float, stop: float) -> Keypoints:
    first, last = round(start * seen.fps), round(stop * seen.fps) or len(seen)
    if first >= len(seen):
        seconds = len(seen) / seen.fps
        raise ValueError(f"the keypoints last {seconds:.1f} s; start before that, not at {start:g} s")
    cuts = tuple(cut - first for cut in seen.cuts if first < cut < last)
    return replace(seen, points=seen.points[first:last], cuts=cuts)

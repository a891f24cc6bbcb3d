"""Keypoints from a video: read, estimate, follow one person, clean. Frames are seen once and never kept."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..video.cuts import CutFinder
from ..video.reader import VideoInfo, probe_video, read_frames
from ..whole_file import MAX_FRAMES
from .cleaning.clean import clean
from .cleaning.tracking import Person, follow_person, list_people
from .estimating.estimators import get_estimator
from .keypoints import Keypoints
from .resampling import resample_keypoints, sampling_rate

logger = logging.getLogger(__name__)

# Longest side in pixels at which people are looked for: mediapipe itself sees 256.
MAX_SIDE = 640
LONGEST_REPEAT_SECONDS = 0.25
LONGEST_SECONDS = MAX_FRAMES / 30


def keypoints_from_video(
    path: str | Path,
    *,
    fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    person: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Keypoints:
    """Follow one person through a video; positions in pixels of the upright video.

    `person` counts from the most prominent (None: that one); mediapipe sees one person only.
    `progress(done, total)` counts frames. Raises ValueError when nobody is seen.

        keypoints = keypoints_from_video("dance.mp4")
    """
    video = _probe(path)
    rate = sampling_rate(video.fps, fps)
    sighting = _look(path, video, rate, estimator, progress)
    points = follow_person(sighting.people, person, fps=rate, cuts=sighting.cuts)
    points[sighting.repeated] = 0.0
    keypoints = clean(Keypoints(points, rate, video.width, video.height, sighting.cuts))
    if not keypoints.confidence.any():
        raise ValueError(
            f"no person found in {path}: {len(points)} frames looked at; a person should be a quarter "
            "of the picture high or larger, and mostly visible"
        )
    logger.info("%s: a person in %.0f %% of the frames", Path(path).name, 100 * coverage(keypoints))
    return resample_keypoints(keypoints, fps)


def coverage(keypoints: Keypoints) -> float:
    """Share of the frames in which anything of the person is seen."""
    return float(keypoints.confidence.any(-1).mean())


def people_in_video(
    path: str | Path,
    *,
    fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    progress: Callable[[int, int], None] | None = None,
) -> list[Person]:
    """Whom `keypoints_from_video` can follow, most prominent first."""
    video = _probe(path)
    rate = sampling_rate(video.fps, fps)
    sighting = _look(path, video, rate, estimator, progress)
    return list_people(sighting.people, fps=rate, cuts=sighting.cuts)


def _probe(path: str | Path) -> VideoInfo:
    """What the video says of itself; hours without end are refused."""
    video = probe_video(path)
    if video.seconds > LONGEST_SECONDS:
        raise ValueError(f"{path} lasts {video.seconds / 3600:.1f} hours; at most two are read: cut it")
    return video


class _Sighting(NamedTuple):
    people: list[ndarray]
    """Everyone in every frame, [P, 17, 3] in pixels of the whole video."""
    cuts: tuple[int, ...]
    repeated: ndarray
    """The same picture again for a moment, because the video has no other at that time, bool [T]."""


def _look(
    path: str | Path,
    video: VideoInfo,
    fps: float,
    estimator: str | Path,
    progress: Callable[[int, int], None] | None,
) -> _Sighting:
    people, repeated, shots, last = [], [], CutFinder(), None
    total = max(1, round(video.seconds * fps))
    with get_estimator(estimator) as pose:
        for frame in read_frames(path, fps=fps, max_side=MAX_SIDE):
            repeated.append(last is not None and np.array_equal(frame, last))
            people.append(people[-1] if repeated[-1] else pose.estimate(frame) * _to_video(frame, video))
            shots.push(frame)
            last = frame
            if len(people) > LONGEST_SECONDS * fps:  # a header may say less
                raise ValueError(f"{path} lasts longer than two hours: cut it")
            if progress is not None:
                progress(len(people), max(total, len(people)))
    return _Sighting(people, shots.cuts(), _short_runs(np.array(repeated), LONGEST_REPEAT_SECONDS * fps))


def _to_video(frame: ndarray, video: VideoInfo) -> ndarray:
    """Factors from pixels of a shrunken frame to those of the video."""
    height, width, _ = frame.shape
    return np.array([video.width / width, video.height / height, 1.0], np.float32)


def _short_runs(flags: ndarray, longest: float) -> ndarray:
    """Keep only runs of True no longer than `longest`: a picture that stands still for long is meant to."""
    edges = np.flatnonzero(np.diff(np.r_[0, flags, 0]))
    kept = np.zeros(len(flags), bool)
    for start, stop in edges.reshape(-1, 2):
        kept[start:stop] = stop - start <= longest
    return kept

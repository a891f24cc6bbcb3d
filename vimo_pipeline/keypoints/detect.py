"""Keypoints from a video: read, estimate, follow one person, clean. Frames are seen once and never kept."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy import ndarray

from ..video.reader import VideoInfo, probe_video, read_frames
from .estimators import get_estimator
from .keypoints import NUM_KEYPOINTS, Keypoints

logger = logging.getLogger(__name__)

# Longest side in pixels at which people are looked for: mediapipe itself sees 224 or 256.
MAX_SIDE = 640


def keypoints_from_video(
    path: str | Path,
    *,
    fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    person: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Keypoints:
    """Follow one person through a video; positions in the pixels of the upright video.

    `person` picks from `find_people` (None: whoever is seen longest and largest). `progress(done, total)` counts
    frames. Raises ValueError when nobody is seen.
    """
    video = probe_video(path)
    people = _look(path, video, fps, estimator, progress)
    points = np.stack([found[0] if len(found) else np.zeros((NUM_KEYPOINTS, 3), np.float32) for found in people])
    if not points[..., 2].any():
        raise ValueError(f"no person found in {path}, {len(points)} frames looked at")
    return Keypoints(points, fps, video.width, video.height)


def _look(
    path: str | Path,
    video: VideoInfo,
    fps: float,
    estimator: str | Path,
    progress: Callable[[int, int], None] | None,
) -> list[ndarray]:
    """Everyone seen in every frame, in pixels of the whole video: a list of [P, 17, 3]."""
    people = []
    total = max(1, round(video.seconds * fps))
    with get_estimator(estimator) as pose:
        for frame in read_frames(path, fps=fps, max_side=MAX_SIDE):
            height, width, _ = frame.shape
            scale = np.array([video.width / width, video.height / height, 1.0], np.float32)
            people.append(pose.estimate(frame) * scale)
            if progress is not None:
                progress(min(len(people), total), total)
    return people

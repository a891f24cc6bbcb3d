"""Keypoints at another frame rate: time is resampled, so the clip lasts as long as before."""

import numpy as np

from .keypoints import Keypoints
from .normalise import shot_of_frame

STEADY = 0.01  # rates closer than this count as equal: 29.97 is 30


def resample_keypoints(keypoints: Keypoints, fps: float) -> Keypoints:
    """Positions on the straight line between the two nearest frames of the same shot; a keypoint stays seen
    only where both have seen it."""
    if not fps > 0:
        raise ValueError(f"fps must be positive, got {fps}")
    if abs(keypoints.fps / fps - 1) < STEADY:
        return Keypoints(keypoints.points, fps, keypoints.width, keypoints.height, keypoints.cuts)
    time = np.arange(max(1, round(len(keypoints) * fps / keypoints.fps))) * (keypoints.fps / fps)
    left = np.floor(time + 1e-6).astype(int).clip(max=len(keypoints) - 1)
    right = np.minimum(left + 1, len(keypoints) - 1)
    shots = shot_of_frame(len(keypoints), keypoints.cuts)
    right = np.where(shots[left] == shots[right], right, left)
    part = (time - left).clip(0, 1).astype(np.float32)[:, None, None]
    right = np.where(part[:, 0, 0] < 1e-3, left, right)
    before, after = keypoints.points[left], keypoints.points[right]
    seen = (before[..., 2:] > 0) & (after[..., 2:] > 0)
    points = (before + part * (after - before)) * seen
    cuts = np.flatnonzero(np.diff(shots[left])) + 1
    return Keypoints(points, fps, keypoints.width, keypoints.height, tuple(cuts.tolist()))


def sampling_rate(video_fps: float, fps: float) -> float:
    """The rate at which to look at a video that will be wanted at `fps`: as often as it has something new
    to show, but not more often than wanted, and in whole steps of its frames, so that no frame comes early
    or late."""
    if video_fps <= 0:
        return fps
    rate = video_fps / max(1, np.ceil(video_fps / fps - STEADY))
    return fps if abs(rate / fps - 1) < STEADY else float(rate)

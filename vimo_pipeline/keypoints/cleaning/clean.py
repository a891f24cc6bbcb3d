"""What a detector says, made believable: doubtful keypoints are masked, swapped sides put right, short gaps
filled.

A detector's confidence is honest about hidden limbs and worthless about a body seen back to front or
another person, so these are looked for in the motion itself. What stays masked (confidence 0) is left to
the model to imagine. Distances are measured in body sizes (see `body_size`), times in seconds, so nothing
depends on resolution or rate."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy import ndarray

from ..keypoints import Keypoints
from .body_size import body_size
from .flips import undo_flips
from .segments import drop_foreign_segments
from .smoothing import smooth

MIN_CONFIDENCE = 0.3
SETTLING_SECONDS = 0.1  # a tracking detector carries the old box over a cut for 3 frames at 30 fps
MIXED_SECONDS = 0.03  # before a cut: resampling and editing mix the last picture with the next shot's first
LONGEST_FILLED_SECONDS = 0.25
FILLED_CONFIDENCE = 0.5  # of the lower end of the gap
OUTLIER_DISTANCE = 0.35  # body sizes off the line between its neighbours, at 30 fps: an acceleration of 30 g


def clean(keypoints: Keypoints, *, sides: bool = True) -> Keypoints:
    """Mask, repair, fill and lightly smooth one person's keypoints; sides: also undo their exchange.

    keypoints = clean(Keypoints(points, fps=30, width=1280, height=720, cuts=(45,)))
    """
    keypoints = _with_points(keypoints, mask_unreliable(keypoints.points, keypoints.width, keypoints.height))
    keypoints = _with_points(keypoints, mask_around_cuts(keypoints.points, keypoints.cuts, fps=keypoints.fps))
    keypoints = drop_foreign_segments(keypoints)
    for repair in (*((undo_flips,) if sides else ()), mask_outliers, fill_gaps, smooth):
        keypoints = _in_shots(keypoints, repair)
    return keypoints


def mask_unreliable(points: ndarray, width: int, height: int) -> ndarray:
    """Zero what the detector doubts and what it places outside the picture, where it cannot have seen it."""
    x, y, confidence = np.moveaxis(points, -1, 0)
    margin = 0.02 * max(width, height)
    inside = (x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)
    return points * (inside & (confidence >= MIN_CONFIDENCE))[..., None]


def mask_around_cuts(points: ndarray, cuts: tuple[int, ...], *, fps: float) -> ndarray:
    """Zero the frames in which a detector still looks for the person where the last shot had it, and the one
    before the cut. The model completes them."""
    points = points.copy()
    mixed, settling = (max(1, round(seconds * fps)) for seconds in (MIXED_SECONDS, SETTLING_SECONDS))
    for cut in cuts:
        points[max(0, cut - mixed) : cut + settling] = 0.0
    return points


def mask_outliers(points: ndarray, *, fps: float) -> ndarray:
    """Zero a keypoint that leaves its path for a single frame: far from the middle of its two neighbours
    although these are close to each other."""
    before, here, after = points[:-2], points[1:-1], points[2:]
    size = body_size(points, fps=fps)[1:-1, None]
    seen = (before[..., 2] > 0) & (here[..., 2] > 0) & (after[..., 2] > 0)
    off_path = np.linalg.norm((here - (before + after) / 2)[..., :2], axis=-1)
    travelled = np.linalg.norm((after - before)[..., :2], axis=-1)
    allowed = OUTLIER_DISTANCE * max(1.0, 30.0 / fps) ** 2 * size + travelled
    masked = points.copy()
    masked[1:-1][seen & (off_path > allowed)] = 0.0
    return masked


def fill_gaps(points: ndarray, *, fps: float) -> ndarray:
    """Draw short gaps of a keypoint as straight lines with lowered confidence."""
    filled = points.copy()
    longest = LONGEST_FILLED_SECONDS * fps
    for joint in range(points.shape[1]):
        seen = np.flatnonzero(points[:, joint, 2] > 0)
        for start, stop in pairwise(seen):
            if 1 < stop - start <= longest + 1:
                weight = np.arange(1, stop - start)[:, None] / (stop - start)
                a, b = points[start, joint], points[stop, joint]
                filled[start + 1 : stop, joint, :2] = (a + weight * (b - a))[:, :2]
                filled[start + 1 : stop, joint, 2] = FILLED_CONFIDENCE * min(a[2], b[2])
    return filled


def _in_shots(keypoints: Keypoints, repair: Callable[..., ndarray]) -> Keypoints:
    """Apply a repair that looks at neighbouring frames to each shot by itself."""
    shots = np.split(keypoints.points, [cut for cut in keypoints.cuts if 0 < cut < len(keypoints)])
    return _with_points(keypoints, np.concatenate([repair(shot, fps=keypoints.fps) for shot in shots]))


def _with_points(keypoints: Keypoints, points: ndarray) -> Keypoints:
    return replace(keypoints, points=points.astype(np.float32))

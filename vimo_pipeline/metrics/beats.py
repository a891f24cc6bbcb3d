"""When a motion has its beats: moments at which the whole body is slowest for a while."""

from typing import Literal, get_args

import numpy as np
from numpy import ndarray

from .joints_of import Measured, joints_of, rate_of

BeatForm = Literal["mint", "bailando"]

RATE = 60.0  # frames a second: both published forms count frames of AIST++
_APART = 10  # frames: mint's order of a minimum
_SMOOTHING = 5.0  # frames: Bailando's Gaussian


def motion_beats(measured: Measured, *, form: BeatForm, fps: float | None = None) -> ndarray:
    """Seconds at which joints are slowest, rising, [B]. A motion, or joints [T, J, 3] and their fps.

    "mint" (google-research/mint, POPDG): the sum of joint speeds is less than in the ten frames before and
    after; none in the first ten. "bailando" (also Lodge): the mean joint speed, smoothed by a Gaussian of
    five frames, is less than in the frames beside it. Frames are those of 60 fps; other rates are resampled
    by cubics, as on straight lines two speeds in a row are equal and neither is least.
    """
    if form not in get_args(BeatForm):
        raise ValueError(f"unknown form of beats {form!r}; choose one of: {', '.join(get_args(BeatForm))}")
    joints, rate = joints_of(measured), rate_of(measured, fps=fps)
    if joints.ndim != 3 or joints.shape[-1] != 3 or len(joints) < 3:
        raise ValueError(f"joints must be [T, J, 3] with three frames or more, got {list(joints.shape)}")
    positions = at_rate(joints.detach().cpu().double().numpy(), fps=rate)
    speed = np.linalg.norm(np.diff(positions, axis=0), axis=-1)  # [T - 1, J] metres a frame
    if form == "mint":
        return local_minima(np.concatenate([[0.0], speed.sum(-1)]), order=_APART) / RATE
    return local_minima(gaussian_smoothed(speed.mean(-1), _SMOOTHING), order=1) / RATE


def at_rate(curves: ndarray, *, fps: float) -> ndarray:
    """Curves at 60 fps by Catmull-Rom cubics through their points, [T, ...] -> [T', ...]."""
    if not 0 < fps < float("inf"):
        raise ValueError(f"fps must be a positive number, got {fps}")
    if fps == RATE:
        return curves
    last = len(curves) - 1
    time = np.arange(int(last * RATE / fps + 1e-6) + 1) * (fps / RATE)  # in frames of the curves
    at = time.astype(int).clip(max=last - 1)
    u = (time - at).reshape(-1, *[1] * (curves.ndim - 1))
    longer = np.concatenate([2 * curves[:1] - curves[1:2], curves, 2 * curves[-1:] - curves[-2:-1]])
    before, left, right, after = (longer[at + shift] for shift in range(4))
    slope_left, slope_right = (right - before) / 2, (after - left) / 2
    bend = 3 * (right - left) - 2 * slope_left - slope_right
    return left + u * (slope_left + u * (bend + u * (2 * (left - right) + slope_left + slope_right)))


def local_minima(values: ndarray, *, order: int) -> ndarray:
    """Places strictly less than all neighbours up to `order` away, as scipy's argrelextrema. [T] -> [B].

    The ends go on with their own value, so neither is a minimum.
    """
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, order, mode="edge"), 2 * order + 1)
    neighbours = np.delete(windows, order, axis=1).min(1)
    return np.flatnonzero(values < neighbours)


def gaussian_smoothed(values: ndarray, deviation: float) -> ndarray:
    """A Gaussian up to four deviations, mirrored at the ends, as scipy's gaussian_filter. [T] -> [T]."""
    reach = int(4 * deviation + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    return np.convolve(np.pad(values, reach, mode="symmetric"), weights / weights.sum(), mode="valid")

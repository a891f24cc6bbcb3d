"""How large a person is in the picture: the yardstick for every distance in cleaning and tracking."""

import numpy as np
from numpy import ndarray

WINDOW_SECONDS = 0.5  # to each side
_SMALLEST = 1e-3  # pixels; keeps a person seen as a single point from dividing by zero


def body_size(points: ndarray, *, fps: float) -> ndarray:
    """Median over the neighbouring second of `spread`, [T]: steady while a body crouches or loses a joint."""
    spreads = np.where(points[..., 2].any(-1), spread(points), np.nan)
    if np.isnan(spreads).all():
        return np.full(len(points), 1.0)
    reach = max(1, round(WINDOW_SECONDS * fps))
    padded = np.pad(spreads, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.nan_to_num(_median(windows), nan=float(np.nanmedian(spreads)))


def spread(points: ndarray) -> ndarray:
    """Root-mean-square distance of the seen keypoints from their middle, about 0.3 of a standing person's
    height. points: [..., 17, 3] to [...]."""
    off_middle = points[..., :2] - middle(points)[..., None, :]
    squares = (off_middle**2).sum(-1) * (points[..., 2] > 0)
    return np.sqrt(squares.sum(-1) / seen_count(points)).clip(min=_SMALLEST)


def middle(points: ndarray) -> ndarray:
    """Mean position of the seen keypoints, [..., 2]; swapping left and right does not move it."""
    seen = points[..., 2:] > 0
    return (points[..., :2] * seen).sum(-2) / seen_count(points)[..., None]


def seen_count(points: ndarray) -> ndarray:
    """Number of seen keypoints, at least 1 so that it may divide. [...]"""
    return (points[..., 2] > 0).sum(-1).clip(min=1)


def _median(windows: ndarray) -> ndarray:
    """Median over the last axis that leaves NaN out and stays silent where there is nothing else."""
    ordered = np.sort(windows, axis=-1)  # NaN goes last
    last = (~np.isnan(windows)).sum(-1, keepdims=True).clip(min=1) - 1
    return np.take_along_axis(ordered, np.concatenate([last // 2, (last + 1) // 2], -1), -1).mean(-1)

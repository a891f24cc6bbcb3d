"""Zero-lag smoothing: jitter goes, and neither the time nor the height of a swing shifts."""

import numpy as np
from numpy import ndarray

WINDOW_SECONDS = 0.1  # to each side
_RIDGE = 1e-4  # keeps the fit a plain mean where too few neighbours were seen for a parabola


def smooth(points: ndarray, *, fps: float) -> ndarray:
    """Put every seen keypoint on the parabola through its neighbours in time, weighted by confidence and
    nearness: a Savitzky-Golay filter of order 2 that knows doubt and gaps. points: [T, 17, 3] of one
    shot."""
    reach = round(WINDOW_SECONDS * fps)
    if reach < 2:  # at low rates there is no neighbour near enough to say more than the frame itself
        return points
    offsets = np.arange(-reach, reach + 1)
    nearness = (1 - np.abs(offsets / (reach + 1)) ** 3) ** 3  # tricube
    padded = np.pad(points.astype(np.float64), ((reach, reach), (0, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(offsets), axis=0)  # [T, 17, 3, W]
    fitted = _parabola_at_zero(windows[:, :, :2], windows[:, :, 2] * nearness, offsets / reach)
    return np.where(points[..., 2:] > 0, np.concatenate([fitted, points[..., 2:]], -1), points)


def _parabola_at_zero(values: ndarray, weights: ndarray, times: ndarray) -> ndarray:
    """The weighted least squares fit of a + bt + ct² at t = 0: [T, 17, 2, W] values, [T, 17, W] weights to
    [T, 17, 2]."""
    powers = times ** np.arange(3)[:, None]  # [3, W]
    left = np.einsum("tjw,aw,bw->tjab", weights, powers, powers)
    left += np.diag([1e-12, _RIDGE, _RIDGE])  # the first only where nothing is seen at all
    right = np.einsum("tjw,aw,tjcw->tjac", weights, powers, values)
    return np.linalg.solve(left, right)[..., 0, :]

"""How a model trained on one recording covers it and departs from it: GANimator's three figures.

Li et al. 2022 (PeizhuoLi/ganimator: evaluations/), used again by Moreno-Villamarin et al. 2024 (arXiv
2411.16498). Frames are compared as 6D rotations, 144 numbers, by their Euclidean distance: 24 joints that are
all 20 degrees off are 2.0 apart. The threshold belongs to that scale; with other features, or another number
of joints, it means something else. The root's place does not count, its heading does.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..motion import Motion
from ..motion.rotations import matrix_to_6d

COVERED = 2.0  # mean distance of a window: GANimator's threshold
LONG, SHORT = 30, 15  # frames: GANimator's windows at 30 fps
_BLOCK = 256  # generated frames that are compared with all training frames at a time


class LimitedData(NamedTuple):
    """Figures of one generated motion, or means of several. All three are needed: copies have (1, 0, 0)."""

    coverage: float
    """Share of training windows found again, in [0, 1]: more is better. GANimator has 0.97."""
    global_diversity: float
    """Distance from the best patchwork of training pieces; 0 is a patchwork. GANimator has 1.3."""
    local_diversity: float
    """Distance of half-second windows from the nearest training ones; noise has most. GANimator has 1.2."""


def limited_data(generated: list[Motion], training: Motion) -> LimitedData:
    """The three figures, means over generated motions; the papers draw 200 of twice the training length.

    Give everything at 30 fps. Good is a coverage near 1 with diversities above 0 and far below those of
    noise. Against 15 s of CMU another motion has 0.08, 2.1 and 1.9, the held first pose 0.08, 0.7 and 0.6,
    smooth noise 0, 5.5 and 5.4: docs/METRICS.md.
    """
    if not generated:
        raise ValueError("limited_data needs one generated motion or more, got none")
    if {motion.fps for motion in generated} != {training.fps}:
        raise ValueError(
            f"generated motions and the training motion must have one frame rate, got "
            f"{sorted({motion.fps for motion in generated})} and {training.fps}; see Motion.resample"
        )
    reference = rotation_features(training)
    samples = [rotation_features(motion) for motion in generated]
    rows = [
        (
            training_coverage(sample, reference),
            global_diversity(sample, reference),
            local_diversity(sample, reference),
        )
        for sample in samples
    ]
    return LimitedData(*np.mean(rows, axis=0).tolist())


def rotation_features(motion: Motion) -> ndarray:
    """6D rotations of all joints, the pelvis's in the world, float64 [T, 144]."""
    return matrix_to_6d(motion.matrices()).flatten(1).double().cpu().numpy()


def training_coverage(
    generated: ndarray, training: ndarray, *, window: int = LONG, threshold: float = COVERED
) -> float:
    """Share of training windows whose nearest generated window is nearer than the threshold, frame by frame.

    Features [L, D] and [N, D]. GANimator's loop leaves out the last window; here all count.
    """
    _check(generated, training, window)
    nearest = np.full(len(training) - window + 1, np.inf)
    for _, _, windows in _blocks(generated, training, window):
        nearest = np.minimum(nearest, windows.min(0))
    return float((nearest / window < threshold).mean())


def local_diversity(generated: ndarray, training: ndarray, *, window: int = SHORT) -> float:
    """Mean distance a frame of generated windows from the nearest training window. [L, D] and [N, D]."""
    _check(generated, training, window)
    nearest = [windows.min(1) for _, _, windows in _blocks(generated, training, window)]
    return float(np.concatenate(nearest).mean() / window)


def global_diversity(generated: ndarray, training: ndarray, *, shortest: int = LONG) -> float:
    """Mean distance a frame from the nearest patchwork of training pieces, none shorter than `shortest`.

    Features [L, D] and [N, D]. GANimator's patched nearest neighbour, G(i) = min over l <= i - shortest and k
    of G(l) + cost of frames l..i laid onto k.., which takes L² N steps. Here L N: `ending[j]` is the least
    cost up to frame i where that frame lies on training frame j and its piece is long enough. A piece grows
    by one frame or has just become long enough.
    """
    _check(generated, training, 2 * shortest - 1)  # pieces of up to twice the shortest fill every length
    best = np.full(len(generated) + 1, np.inf)  # [i] least cost of the first i frames
    best[0] = 0.0
    ending = np.full(len(training), np.inf)
    for first, distances, windows in _blocks(generated, training, shortest):
        for start, (distance, window) in enumerate(zip(distances, windows, strict=True), first):
            ending[1:] = ending[:-1] + distance[1:]  # each piece one frame longer
            ending[0] = np.inf
            ending[shortest - 1 :] = np.minimum(ending[shortest - 1 :], best[start] + window)
            best[start + shortest] = ending.min()
    return float(best[-1] / len(generated))


def _blocks(generated: ndarray, training: ndarray, window: int) -> Iterator[tuple[int, ndarray, ndarray]]:
    """Windows that start at frame `first` and after, [b, N - window + 1]: distances of their frames, summed.

    With them the distances of the windows' last frames, [b, N]. At most `_BLOCK` rows are in memory.
    """
    starts = len(generated) - window + 1
    for first in range(0, starts, _BLOCK):
        rows = generated[first : min(first + _BLOCK, starts) + window - 1]
        distances = _distances(rows, training)
        yield first, distances[window - 1 :], _diagonal_sums(distances, window)


def _distances(a: ndarray, b: ndarray) -> ndarray:
    """Euclidean, [A, D] and [B, D] -> [A, B]."""
    squared = a @ (-2 * b.T)
    squared += (a**2).sum(1)[:, None]
    squared += (b**2).sum(1)
    return np.sqrt(np.maximum(squared, 0.0, out=squared), out=squared)


def _diagonal_sums(matrix: ndarray, length: int) -> ndarray:
    """Sums of `length` numbers down each diagonal, [A, B] -> [A - length + 1, B - length + 1].

    Row by row, as each sum is its upper left neighbour's plus one number less another.
    """
    rows, columns = (size - length + 1 for size in matrix.shape)
    sums = np.empty((rows, columns))
    sums[0] = sum(matrix[k, k : k + columns] for k in range(length))
    sums[:, 0] = sum(matrix[k : k + rows, k] for k in range(length))
    for row in range(1, rows):
        np.add(sums[row - 1, :-1], matrix[row + length - 1, length:], out=sums[row, 1:])
        sums[row, 1:] -= matrix[row - 1, : columns - 1]
    return sums


def _check(generated: ndarray, training: ndarray, frames: int) -> None:
    for name, features in (("generated", generated), ("training", training)):
        if features.ndim != 2 or len(features) < frames:
            raise ValueError(
                f"{name} must be [T, D] with {frames} frames or more, got {list(features.shape)}"
            )
    if generated.shape[1] != training.shape[1]:
        raise ValueError(
            f"features differ in width: {generated.shape[1]} generated, {training.shape[1]} training"
        )

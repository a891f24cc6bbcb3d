"""Taking jitter away: a Gaussian over time that neither lags nor changes a steady motion."""

import torch
from torch import Tensor

from .features import unpack_features
from .rotations import matrix_to_6d, sixd_to_matrix


def smooth_features(features: Tensor, deviation: float) -> Tensor:
    """Rotations and root averaged over neighbouring frames, contacts as they were. [N, T, 151].

    deviation: of the Gaussian in frames, 0 is off. Past its ends a clip goes on as it came, turned about its
    last frame, so that a body that walks evenly keeps its path.
    """
    if deviation == 0 or features.shape[1] < 2:
        return features
    motion = unpack_features(features)  # rotations proper: else a frame would count by the length of its 6D
    smoothed = unpack_features(_average(motion.pack(), deviation))
    return smoothed._replace(contacts=motion.contacts).pack()


def smooth_rotations(matrices: Tensor, deviation: float) -> Tensor:
    """Joint rotations averaged over neighbouring frames in the same way. [T, J, 3, 3]."""
    if deviation == 0 or len(matrices) < 2:
        return matrices
    averaged = _average(matrix_to_6d(matrices).flatten(1)[None], deviation)[0]
    return sixd_to_matrix(averaged.unflatten(-1, (-1, 6)))


def _average(curves: Tensor, deviation: float) -> Tensor:
    frames = curves.shape[1]
    reach = min(frames - 1, max(1, round(3 * deviation)))
    offsets = torch.arange(-reach, reach + 1, device=curves.device)
    weights = torch.exp(-0.5 * (offsets / deviation).square())
    before = 2 * curves[:, :1] - curves[:, 1 : reach + 1].flip(1)
    after = 2 * curves[:, -1:] - curves[:, -reach - 1 : -1].flip(1)
    longer = torch.cat([before, curves, after], 1)  # [N, reach + T + reach, D]
    total = sum(weight * longer[:, at : at + frames] for at, weight in enumerate(weights))
    return total / weights.sum()

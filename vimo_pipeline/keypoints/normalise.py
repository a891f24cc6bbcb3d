"""Root-centred, scale-free keypoints: what is left when camera, place in the image and size are forgotten.

The papers centre every pose on its root (ViMo-Flow, section 3.2 iv). The size is taken from the neighbouring
seconds of the same shot, so a slow zoom is forgotten while a crouch still looks smaller than standing.
"""

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from .keypoints import COCO_NAMES, Keypoints

SIZE_WINDOW_SECONDS = 1.0  # to each side
_HIPS = [COCO_NAMES.index("left_hip"), COCO_NAMES.index("right_hip")]


def normalise(keypoints: Keypoints) -> ndarray:
    """What the model is told, float32 [T, 17, 3]: x right, y up in body sizes, confidence."""
    points = torch.from_numpy(np.ascontiguousarray(keypoints.points, dtype=np.float32))
    shots = torch.from_numpy(shot_of_frame(len(keypoints), keypoints.cuts))
    window = round(SIZE_WINDOW_SECONDS * keypoints.fps)
    return normalise_points(points[None], shots[None], window=window)[0].numpy()


def shot_of_frame(frames: int, cuts: tuple[int, ...]) -> ndarray:
    """Which shot every frame belongs to, int64 [T]: 0 before the first cut, then 1, 2, ..."""
    starts = np.zeros(frames, dtype=np.int64)
    starts[[cut for cut in cuts if 0 < cut < frames]] = 1
    return starts.cumsum()


def normalise_points(points: Tensor, shots: Tensor, *, window: int) -> Tensor:
    """The batched form of `normalise`. points: [B, T, 17, 3] pixels; shots: [B, T]; window: frames a side."""
    xy, confidence = points[..., :2], points[..., 2:]
    root, root_seen = _root(xy, confidence)
    seen = (confidence > 0) & root_seen[..., None, None]  # [B, T, 17, 1]
    centred = torch.where(seen, xy - root[..., None, :], 0.0) * xy.new_tensor([1.0, -1.0])
    size = _size(centred, seen, shots, window)
    return torch.cat([centred / size[..., None, None], confidence * seen], -1)


def _root(xy: Tensor, confidence: Tensor) -> tuple[Tensor, Tensor]:
    """Middle of the hips that were seen, [B, T, 2], and whether there is any, [B, T].

    When only one hip is known it stands for both: a small shift is better than forgetting the frame. Without
    either, the middle of all seen points serves, so that a close-up of the trunk still says something.
    """
    hips = _weighted_middle(xy[..., _HIPS, :], confidence[..., _HIPS, :])
    body = _weighted_middle(xy, confidence)
    has_hips = (confidence[..., _HIPS, 0] > 0).any(-1)
    return torch.where(has_hips[..., None], hips, body), (confidence[..., 0] > 0).any(-1)


def _weighted_middle(xy: Tensor, confidence: Tensor) -> Tensor:
    weight = (confidence > 0).to(xy.dtype)
    return (xy * weight).sum(-2) / weight.sum(-2).clamp(min=1)


def _size(centred: Tensor, seen: Tensor, shots: Tensor, window: int) -> Tensor:
    """Root-mean-square distance from the root over the frames around each frame, [B, T]."""
    squares = (centred.square().sum(-1) * seen[..., 0]).sum(-1)  # [B, T]
    counts = seen[..., 0].sum(-1).to(centred.dtype)
    first, last = _shot_window(shots, window)
    mean = _range_sum(squares, first, last) / _range_sum(counts, first, last).clamp(min=1)
    return mean.sqrt().clamp(min=1e-3)


def _shot_window(shots: Tensor, window: int) -> tuple[Tensor, Tensor]:
    """First and one past the last frame of the neighbourhood of each frame inside its shot, [B, T] each."""
    frames = torch.arange(shots.shape[1], device=shots.device).expand_as(shots)
    start = torch.searchsorted(shots.contiguous(), shots.contiguous())
    stop = torch.searchsorted(shots.contiguous(), shots.contiguous(), right=True)
    return torch.maximum(frames - window, start), torch.minimum(frames + window + 1, stop)


def _range_sum(values: Tensor, first: Tensor, last: Tensor) -> Tensor:
    total = torch.nn.functional.pad(values.double().cumsum(1), (1, 0))
    return (total.gather(1, last) - total.gather(1, first)).to(values.dtype)

"""What a detector's noise is described by: how far off, for how long, what is lost and mixed up."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from vimo_pipeline.data.cameras import View
from vimo_pipeline.data.detector_noise import PARTS, UNSURE, hidden_by_trunk
from vimo_pipeline.keypoints.keypoints import COCO_NAMES, MIRRORED

SURE = 0.8  # confidence from which an error is not put down to doubt
CONFIDENCES = (UNSURE, 0.5, 0.65, 0.8, 0.95, 1.0)  # borders of the bins of the calibration
LAGS = (0, 1, 2, 3, 5, 8, 12, 16, 22, 30)  # frames
FARTHEST = 0.5  # metres: further off is somebody or something else
LEGS, TRUNK = (
    [COCO_NAMES.index(f"{side}_{part}") for part in parts for side in ("left", "right")]
    for parts in (("knee", "ankle"), ("shoulder", "hip"))
)


@dataclass(frozen=True)
class PartNoise:
    """One kind of keypoint; lengths in metres at the body, shares of the keypoints inside the picture."""

    deviation: float  # of one axis where the detector is sure
    median: float  # distance from the truth where it is sure
    worst: float  # distance that 5 % of all seen exceed
    correlation: list[float]  # of the error with itself after LAGS; the mean of a clip is left in
    calibration: list[float]  # median distance in each bin of CONFIDENCES
    confidences: list[float]  # share of keypoints in each bin
    lost: float  # share where the trunk is not before it
    lost_hidden: float  # share where it is
    gaps: list[int]  # lengths in frames of the spans in which it is lost


@dataclass(frozen=True)
class Noise:
    """Everything that is compared; shares of frames."""

    parts: dict[str, PartNoise]
    detected: float
    legs_exchanged: float
    body_exchanged: float
    exchanges: list[int]  # lengths in frames
    face_shared: float  # correlation between the errors of nose and eyes


def measure(points: Tensor, view: View) -> Noise:
    """Figures of keypoints [N, T, 17, 3] that are 0 where lost."""
    seen = points[..., 2] > 0
    legs, body = exchanged(points, view)
    good = seen & view.inside & ~body[..., None]
    good[..., LEGS] &= ~legs[..., None]
    error = error_in_metres(points, view)
    error = torch.where((good & (error.norm(dim=-1) < FARTHEST))[..., None], error, torch.nan)
    detected = seen.any(-1)
    return Noise(
        {part: measure_part(points, error, view, members_of(part)) for part in PARTS},
        *(float(flags.float().mean()) for flags in (detected, legs, body)),
        run_lengths(legs | body),
        correlation_between(error[..., :1, :], error[..., 1:3, :]),
    )


def measure_part(points: Tensor, error: Tensor, view: View, members: list[int]) -> PartNoise:
    """Figures of one kind of keypoint; `error` [N, T, 17, 2] is NaN where it does not count."""
    confidence, error = points[..., members, 2], error[..., members, :]
    there = view.inside[..., members] & (points[..., 2] > 0).any(-1, keepdim=True)
    hidden = hidden_by_trunk(view.metres)[..., members]
    lost, distance = confidence == 0, error.norm(dim=-1)
    sure = torch.where((confidence > SURE)[..., None], error, torch.nan)
    pairs = pairwise(CONFIDENCES)
    bins = [(confidence > low) & (confidence <= high) for low, high in pairs]
    return PartNoise(
        float(sure.square().nanmean().sqrt()),
        quantile(distance[confidence > SURE], 0.5),
        quantile(distance, 0.95),
        [correlation_between(sure[:, : sure.shape[1] - lag], sure[:, lag:]) for lag in LAGS],
        [quantile(distance[inside], 0.5) for inside in bins],
        [share(inside, there) for inside in bins],
        share(lost, there & ~hidden),
        share(lost, there & hidden),
        run_lengths((lost & there).movedim(-1, 1).flatten(0, 1)),
    )


def members_of(part: str) -> list[int]:
    """Indices of the keypoints of one kind."""
    return [index for index, name in enumerate(COCO_NAMES) if name.split("_")[-1] == part]


def error_in_metres(points: Tensor, view: View) -> Tensor:
    """How far right and down of the truth, [N, T, 17, 2] at the body."""
    return (points[..., :2] - view.pixels) / view.pixels_per_metre[..., None, None]


def exchanged(points: Tensor, view: View) -> tuple[Tensor, Tensor]:
    """Frames in which the legs alone and in which the whole body fit better with left and right exchanged,
    [N, T] each."""
    here = error_in_metres(points, view).norm(dim=-1)
    crossed = error_in_metres(points, view._replace(pixels=view.pixels[..., MIRRORED, :])).norm(dim=-1)
    legs, trunk = (
        (points[..., members, 2] > 0).all(-1)
        & (crossed[..., members].mean(-1) + 0.02 < 0.6 * here[..., members].mean(-1))
        for members in (LEGS, TRUNK)
    )
    return legs & ~trunk, trunk


def correlation_between(a: Tensor, b: Tensor) -> float:
    """Of two errors of mean 0 that are NaN where unknown."""
    power = (
        torch.where((a * b).isnan(), torch.nan, a.square()),
        torch.where((a * b).isnan(), torch.nan, b.square()),
    )
    return float((a * b).nanmean() / (power[0].nanmean() * power[1].nanmean()).sqrt())


def quantile(values: Tensor, q: float, *, fewest: int = 50) -> float:
    """NaN where there are too few values to say."""
    values = values[~values.isnan()]
    return float(np.quantile(values.numpy(), q)) if len(values) >= fewest else float("nan")


def share(flags: Tensor, among: Tensor) -> float:
    """Of those `among` which, the share with the flag."""
    return float(flags[among].float().mean())


def run_lengths(flags: Tensor) -> list[int]:
    """Lengths of the runs of True, [N, T]."""
    edges: ndarray = np.diff(np.pad(flags.numpy().astype(np.int8), ((0, 0), (1, 1))), axis=1)
    return (np.argwhere(edges == -1)[:, 1] - np.argwhere(edges == 1)[:, 1]).tolist()

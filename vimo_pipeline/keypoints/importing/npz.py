"""Keypoints from an NPZ file: `keypoints` [T, 17, 3] (pixels and confidence), `fps`, `width`, `height`."""

import os
from pathlib import Path

import numpy as np
from numpy import ndarray

from ...whole_file import check_length, read_arrays, shortened
from ..keypoints import FARTHEST, NUM_KEYPOINTS, Keypoints
from .layouts import refuse_h36m

MAX_BYTES = 256 << 20  # unpacked; an hour at 30 fps is 22 MB
ACCEPTED = "an NPZ with keypoints [T, 17, 3] (COCO-17: x, y in pixels, confidence), fps, width, height"


def load_npz(path: str | Path) -> Keypoints:
    """Read what `Keypoints.save` writes. NaN is accepted only where the confidence is 0 or NaN: not seen."""
    path = Path(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"no keypoints file at {path}")
    arrays = _arrays(path)
    fps = _number(arrays["fps"], "fps", path)
    return Keypoints(
        _points(arrays["keypoints"], fps, path),
        fps=fps,
        width=round(_number(arrays["width"], "width", path)),
        height=round(_number(arrays["height"], "height", path)),
        cuts=_cuts(arrays["cuts"], path) if "cuts" in arrays else (),
    )


def unseen_as_zero(points: ndarray, source: str | Path) -> ndarray:
    """Zero keypoints [..., 17, 3] that are marked as not seen (confidence 0, or all three numbers NaN);
    confidences above 1 become 1. NaN anywhere else is refused, because a guess would hide a fault."""
    with np.errstate(over="ignore"):
        points = np.array(points, np.float32)
    unseen = np.isnan(points[..., 2]) & np.isnan(points[..., :2]).all(-1) | (points[..., 2] <= 0)
    points[unseen] = 0.0
    if not np.isfinite(points).all():
        frame = int(np.argwhere(~np.isfinite(points))[0][0])
        raise ValueError(
            f"{source} holds NaN or infinity from frame {frame} on in keypoints that claim to be seen; "
            "set their confidence to 0"
        )
    if points.size and np.abs(points[..., :2]).max() > FARTHEST:
        raise ValueError(f"{source} holds keypoints more than {FARTHEST:g} pixels away; what is their unit?")
    points[..., 2] = points[..., 2].clip(max=1.0)
    return points


def _arrays(path: Path) -> dict[str, ndarray]:
    keys = ("keypoints", "fps", "width", "height")
    try:
        arrays = read_arrays(path, (*keys, "cuts"), max_bytes=MAX_BYTES)
    except ValueError as error:
        raise ValueError(f"{error}; expected {ACCEPTED}") from error
    missing = [key for key in keys if key not in arrays]
    if missing:
        there = shortened(", ".join(arrays))
        raise ValueError(f"{path} lacks {', '.join(missing)} (it holds {there}); expected {ACCEPTED}")
    return arrays


def _points(points: ndarray, fps: float, path: Path) -> ndarray:
    if points.dtype.kind not in "fiu":
        raise ValueError(f"{path}: keypoints must be numbers, got {points.dtype}")
    if points.ndim != 3 or points.shape[1:] != (NUM_KEYPOINTS, 3):
        raise ValueError(f"{path}: keypoints are {list(points.shape)}; expected {ACCEPTED}")
    try:
        check_length(len(points), fps)
    except ValueError as error:
        raise ValueError(f"cannot read {path}: {error}") from error
    points = unseen_as_zero(points, path)
    refuse_h36m(points, path)
    return points


def _cuts(cuts: ndarray, path: Path) -> tuple[int, ...]:
    if cuts.size == 0:
        return ()
    if cuts.dtype.kind not in "iu":
        raise ValueError(f"{path}: cuts must be numbers of frames, got {cuts.dtype}")
    return tuple(cuts.ravel().tolist())


def _number(value: ndarray, name: str, path: Path) -> float:
    if value.size != 1 or value.dtype.kind not in "fiu" or not 0 < value.item() < 1e6:
        raise ValueError(f"{path}: {name} must be one positive number, got {shortened(value)}")
    return float(value.item())

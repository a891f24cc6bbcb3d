"""What the nine cameras of AIST++ saw, the cameras themselves and the points triangulated from them."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ...export.aistpp import FPS as AIST_FPS
from ...export.array_pickle import unpickle_arrays
from ...keypoints.importing.npz import unseen_as_zero
from ...keypoints.keypoints import NUM_KEYPOINTS, Keypoints
from ...whole_file import MAX_FRAMES, read_json, read_whole, shortened
from ..clips import FPS

VIEWS = tuple(f"c{number:02}" for number in range(1, 10))
FULL_HD = (1920, 1080)  # "for all AIST 1080P video" (AIST++ download page)
# Views that the makers of AIST++ leave out themselves (aistplusplus_api, run_estimate_keypoints.py).
_BAD_VIEWS = {"gBR_sBM_cAll_d04_mBR0_ch01": 4, "gJB_sBM_cAll_d07_mJB3_ch05": 6}  # not in step, 640 x 480
_GAP = 1.5  # frames between two timestamps


class AistCamera(NamedTuple):
    """A calibrated camera; lengths in the units of `keypoints3d` before these are divided by the scaling."""

    name: str
    size: tuple[int, int]  # width, height
    matrix: ndarray  # [3, 3] intrinsic
    rotation: ndarray  # [3] rotation vector, world to camera
    translation: ndarray  # [3]
    distortions: ndarray  # OpenCV's k1, k2, p1, p2, k3


def count_views(folder: str | Path) -> int:
    """Nine where the folder holds keypoints of any sequence, else none."""
    return len(VIEWS) if any((Path(folder) / "keypoints2d").glob("*.pkl")) else 0


def read_views(folder: str | Path, name: str) -> tuple[Keypoints, ...]:
    """COCO-17 of the nine cameras at 30 fps, c01 first; none where there is no `keypoints2d/NAME.pkl`.

    A view that is known to be bad stays in its place, with nothing seen in it.
    """
    file = Path(folder) / "keypoints2d" / f"{name}.pkl"
    if not file.is_file():
        return ()
    arrays = unpickle_arrays(file)
    points = _array(arrays, "keypoints2d", (len(VIEWS), -1, NUM_KEYPOINTS, 3), file)
    if points.shape[1] == 0:
        raise ValueError(f"{file} has no frames")
    if points.shape[1] > MAX_FRAMES:
        raise ValueError(f"{file} has {points.shape[1]} frames; at most {MAX_FRAMES} are read")
    if "timestamps" in arrays:
        _refuse_gaps(_array(arrays, "timestamps", (-1,), file), file)
    points = unseen_as_zero(points[:, :: round(AIST_FPS / FPS)], file)
    if name in _BAD_VIEWS:
        points[_BAD_VIEWS[name]] = 0
    sizes = [camera.size for camera in read_cameras(folder, name)] or [FULL_HD] * len(VIEWS)
    return tuple(Keypoints(view, FPS, *size) for view, size in zip(points, sizes, strict=True))


def read_keypoints3d(folder: str | Path, name: str) -> ndarray:
    """COCO-17 triangulated and smoothed along time, [T, 17, 3] metres at 60 fps; NaN where unknown."""
    file = Path(folder) / "keypoints3d" / f"{name}.pkl"
    points = _array(unpickle_arrays(file), "keypoints3d_optim", (-1, NUM_KEYPOINTS, 3), file)
    motion = Path(folder) / "motions" / f"{name}.pkl"
    scaling = _array(unpickle_arrays(motion), "smpl_scaling", (1,), motion)
    return points / scaling[0]


def read_cameras(folder: str | Path, name: str) -> list[AistCamera]:
    """The cameras of a sequence, c01 first; none where `cameras/mapping.txt` is missing."""
    cameras = Path(folder) / "cameras"
    if not (cameras / "mapping.txt").is_file():
        return []
    mapping = read_whole(cameras / "mapping.txt", max_bytes=1 << 20).decode(errors="replace")
    settings = {row[0]: row[-1] for line in mapping.splitlines() if (row := line.split())}
    if not re.fullmatch(r"\w+", settings.get(name, "")):  # no path that leads elsewhere
        raise ValueError(f"{cameras / 'mapping.txt'} does not say which cameras filmed {name}")
    file = cameras / f"{settings[name]}.json"
    entries = read_json(file, max_bytes=1 << 20)
    try:
        found = [_camera(entry) for entry in entries]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"cannot read the cameras in {file}: {shortened(repr(error))}") from error
    if sorted(camera.name for camera in found) != list(VIEWS):
        raise ValueError(f"{file} must hold the cameras {', '.join(VIEWS)}")
    return sorted(found, key=lambda camera: camera.name)


def _camera(entry: dict) -> AistCamera:
    width, height = (int(side) for side in entry["size"])
    keys = ("matrix", "rotation", "translation", "distortions")
    matrices = (np.array(entry[key], dtype=float) for key in keys)
    return AistCamera(str(entry["name"]), (width, height), *matrices)


def _array(arrays: dict, key: str, shape: tuple[int, ...], file: Path) -> ndarray:
    """An array of numbers of a file, of the given shape; -1 is any length."""
    array = arrays.get(key, np.empty(0))
    fits = len(array.shape) == len(shape) and all(
        wanted in (-1, found) for wanted, found in zip(shape, array.shape, strict=True)
    )
    if array.dtype.kind not in "fiu" or not fits:
        wanted = ["T" if side == -1 else side for side in shape]
        raise ValueError(f"{file} must hold {key} {wanted}, not {list(array.shape)} of {array.dtype}")
    return array


def _refuse_gaps(timestamps: ndarray, file: Path) -> None:
    steps = np.diff(timestamps.astype(float).reshape(-1))
    if len(steps) and steps.max() > _GAP * np.median(steps):
        raise ValueError(f"{file} misses frames: its timestamps jump by {steps.max() / np.median(steps):.1f}")

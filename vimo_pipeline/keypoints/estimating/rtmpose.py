"""RTMPose through onnxruntime (Jiang et al. 2023, arXiv 2303.07399): more exact than mediapipe, needs a
model file."""

import io
import os
import urllib.request
import zipfile
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy import ndarray

from ...whole_file import whole_file
from ..keypoints import NUM_KEYPOINTS

# RTMPose-m, trained on seven body data sets: the project's own release (github.com/open-mmlab/mmpose,
# projects/rtmpose).
MODEL_URL = (
    "https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk/"
    "rtmpose-m_simcc-body7_pt-body7_420e-256x192-e48f03d0_20230504.zip"
)
MAX_MODEL_BYTES = 512 << 20
PIXEL_MEAN = np.array([123.675, 116.28, 103.53], np.float32)  # RGB, as the model was trained
PIXEL_DEVIATION = np.array([58.395, 57.12, 57.375], np.float32)
PADDING = 1.25  # of the box around a person, as the model was trained
SURE = 0.3  # mean confidence below which the person counts as lost
LOOKS_AT_NEW_PERSON = 3  # the box shrinks from the whole picture onto the person


class RTMPose:
    """A SimCC model for one person. Where to look comes from the last frame, at first from the whole
    picture."""

    name = "rtmpose"

    def __init__(self, path: str | Path) -> None:
        self._session = _session(path)
        model_input = self._session.get_inputs()[0]
        self._input_name = model_input.name
        self._height, self._width = _input_size(model_input.shape, path)
        self._box: ndarray | None = None

    @classmethod
    def download(cls) -> Self:
        """The model of MODEL_URL, fetched once into the user's cache."""
        return cls(_cached_model())

    def estimate(self, frame: ndarray) -> ndarray:
        """At most one person, float32 [P, 17, 3]."""
        looks = 1 if self._box is not None else LOOKS_AT_NEW_PERSON
        box = self._box if self._box is not None else _whole(frame)
        for _ in range(looks):
            pose = self._estimate_in(frame, box)
            if pose[:, 2].mean() < SURE:
                self._box = None
                return np.zeros((0, NUM_KEYPOINTS, 3), np.float32)
            box = box_around(pose)
        self._box = box
        return pose[None]

    def _estimate_in(self, frame: ndarray, box: ndarray) -> ndarray:
        box = padded_to_aspect(box, self._width / self._height)
        crop = (crop_bilinear(frame, box, self._width, self._height) - PIXEL_MEAN) / PIXEL_DEVIATION
        simcc_x, simcc_y = self._session.run(None, {self._input_name: crop.transpose(2, 0, 1)[None]})[:2]
        pose = decode_simcc(simcc_x[0], simcc_y[0])
        pose[:, :2] = box[:2] + pose[:, :2] * (box[2:] - box[:2])
        return pose

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        del self._session


def decode_simcc(simcc_x: ndarray, simcc_y: ndarray) -> ndarray:
    """The peak along each axis, [J, bins] twice to [J, 3]: x, y in [0, 1] of the crop and the lower of both
    peaks as confidence (SimCC, Li et al. 2022, arXiv 2107.03332)."""
    x = simcc_x.argmax(-1) / simcc_x.shape[-1]
    y = simcc_y.argmax(-1) / simcc_y.shape[-1]
    confidence = np.minimum(simcc_x.max(-1), simcc_y.max(-1)).clip(0, 1)
    return np.stack([x, y, confidence], -1).astype(np.float32)


def box_around(pose: ndarray) -> ndarray:
    """Left, top, right, bottom of the confident keypoints of [J, 3]."""
    sure = pose[pose[:, 2] >= SURE, :2]
    return np.concatenate([sure.min(0), sure.max(0)])


def padded_to_aspect(box: ndarray, aspect: float) -> ndarray:
    """The box widened by PADDING and to width / height = aspect, around the same middle."""
    middle, (width, height) = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]).clip(min=1.0)
    height = max(height, width / aspect) * PADDING
    half = np.array([height * aspect, height]) / 2
    return np.concatenate([middle - half, middle + half])


def crop_bilinear(frame: ndarray, box: ndarray, width: int, height: int) -> ndarray:
    """The box of a frame as float32 [height, width, 3]; black outside the frame."""
    left, top, right, bottom = box
    x = left + (np.arange(width) + 0.5) * (right - left) / width - 0.5
    y = top + (np.arange(height) + 0.5) * (bottom - top) / height - 0.5
    rows = _mix_rows(frame, y)  # [height, W, 3]
    return _mix_rows(rows.swapaxes(0, 1), x).swapaxes(0, 1)


def _mix_rows(image: ndarray, positions: ndarray) -> ndarray:
    low = np.floor(positions).astype(int)
    part = (positions - low).astype(np.float32)[:, None, None]
    inside = ((positions > -1) & (positions < len(image)))[:, None, None]
    first, second = (image[index.clip(0, len(image) - 1)].astype(np.float32) for index in (low, low + 1))
    return (first + part * (second - first)) * inside


def _whole(frame: ndarray) -> ndarray:
    return np.array([0.0, 0.0, frame.shape[1], frame.shape[0]])


def _session(path: str | Path) -> Any:
    if not Path(path).is_file():
        raise FileNotFoundError(f"no RTMPose model at {path}; unpack end2end.onnx from {MODEL_URL}")
    try:
        import onnxruntime
    except ImportError as error:
        raise ImportError("RTMPose needs onnxruntime: pip install onnxruntime") from error
    try:
        return onnxruntime.InferenceSession(str(path), providers=onnxruntime.get_available_providers())
    except Exception as error:  # onnxruntime has no common class for its load errors
        raise ValueError(f"{path} is not an ONNX model that can be run: {error}") from error


def _input_size(shape: list, path: str | Path) -> tuple[int, int]:
    if len(shape) != 4 or shape[1] != 3 or not all(isinstance(side, int) for side in shape[2:]):
        raise ValueError(f"{path} takes {shape}; an RTMPose body model takes [N, 3, height, width]")
    return shape[2], shape[3]


def _cached_model() -> Path:
    path = (
        Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
        / "vimo"
        / "rtmpose-m_body7_256x192.onnx"
    )
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial:
            partial.write_bytes(_downloaded_model())
    return path


def _downloaded_model() -> bytes:
    try:
        with urllib.request.urlopen(MODEL_URL, timeout=30) as response:
            packed = response.read(MAX_MODEL_BYTES)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            name = next(name for name in archive.namelist() if name.endswith("end2end.onnx"))
            if archive.getinfo(name).file_size > MAX_MODEL_BYTES:
                raise ValueError(f"{MODEL_URL} holds an unexpectedly large model")
            return archive.read(name)
    except (OSError, StopIteration, zipfile.BadZipFile) as error:
        raise FileNotFoundError(
            f"the RTMPose model could not be downloaded ({error}); fetch {MODEL_URL}, unpack end2end.onnx "
            'and give its path as the estimator, or use estimator="mediapipe"'
        ) from error

"""What every pose estimator looks like from outside, and how one is chosen by name."""

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from numpy import ndarray

ESTIMATORS = ("mediapipe", "rtmpose")


class PoseEstimator(Protocol):
    """Finds people in the frames of one clip, given in order. A context manager: leaving it frees the
    model."""

    name: str

    def estimate(self, frame: ndarray) -> ndarray:
        """COCO-17 of everyone seen: uint8 RGB [H, W, 3] to float32 [P, 17, 3], pixels and confidence; P may
        be 0."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def get_estimator(name_or_path: str | Path) -> PoseEstimator:
    """The estimator called "mediapipe" (needs no download) or "rtmpose" (downloads its model once), or the
    one that reads the model file at a path: `.task` (mediapipe's Tasks API) or `.onnx` (RTMPose)."""
    from .mediapipe_pose import MediaPipePose, MediaPipeTask
    from .rtmpose import RTMPose

    if name_or_path == "mediapipe":
        return MediaPipePose()
    if name_or_path == "rtmpose":
        return RTMPose.download()
    suffix = Path(name_or_path).suffix.lower()
    if suffix == ".task":
        return MediaPipeTask(name_or_path)
    if suffix == ".onnx":
        return RTMPose(name_or_path)
    raise ValueError(
        f"unknown estimator {str(name_or_path)!r}; use one of {ESTIMATORS} or a path to a .task or .onnx file"
    )

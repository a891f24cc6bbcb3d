"""MediaPipe's BlazePose, the default estimator: its model comes inside the wheel and any laptop runs it."""

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy import ndarray

from ..cleaning.body_size import spread

# BlazePose-33 index of every COCO-17 keypoint
# (developers.google.com/edge/mediapipe/solutions/vision/pose_landmarker, "Pose landmarker model").
BLAZEPOSE_OF_COCO = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
# Spread of the likely keypoints in long sides of the picture; below it BlazePose sees furniture.
SMALLEST_PERSON = 0.028
PIP_LINE = "pip install mediapipe==0.10.21"


class MediaPipePose:
    """BlazePose "full" through `mp.solutions`: one person, confidence = visibility.

    Its own smoothing is off: it lags behind fast limbs, and cleaning smooths without lag.
    """

    name = "mediapipe"

    def __init__(self) -> None:
        self._pose = _solutions().pose.Pose(model_complexity=1, smooth_landmarks=False)

    def estimate(self, frame: ndarray) -> ndarray:
        """At most one person, float32 [P, 17, 3]."""
        landmarks = self._pose.process(frame).pose_landmarks
        people = _people([] if landmarks is None else [landmarks.landmark], frame)
        likely = people * (people[..., 2:] >= 0.5)
        return people[spread(likely) >= SMALLEST_PERSON * max(frame.shape)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pose.close()


class MediaPipeTask:
    """A pose landmarker `.task` file (lite, full, heavy) through mediapipe's Tasks API; it sees several."""

    name = "mediapipe-task"

    def __init__(self, path: str | Path, *, max_people: int = 4, fps: float = 30.0) -> None:
        if not Path(path).is_file():
            raise FileNotFoundError(
                f"no pose landmarker at {path}; download one from "
                "https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker#models"
            )
        self._mediapipe = _mediapipe()
        vision = self._mediapipe.tasks.vision
        options = vision.PoseLandmarkerOptions(
            base_options=self._mediapipe.tasks.BaseOptions(model_asset_path=str(path)),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=max_people,
        )
        try:
            self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"{path} is not a pose landmarker .task file: {error}") from error
        self._milliseconds, self._frames = 1000.0 / fps, 0

    def estimate(self, frame: ndarray) -> ndarray:
        """Everyone seen, float32 [P, 17, 3]."""
        image = self._mediapipe.Image(self._mediapipe.ImageFormat.SRGB, np.ascontiguousarray(frame))
        found = self._landmarker.detect_for_video(image, round(self._frames * self._milliseconds))
        self._frames += 1
        return _people(found.pose_landmarks, frame)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._landmarker.close()


def mediapipe_world_landmarks(frames: Iterable[ndarray], *, smooth: bool = True) -> Iterator[ndarray | None]:
    """MediaPipe's own 3D guess for each frame, [17, 3] metres, None where nobody is seen: our baseline.

    smooth: through its own filter, as it comes.

    The origin is between the hips, x to the right of the image, y down, z away from the camera.
    """
    with _solutions().pose.Pose(model_complexity=1, smooth_landmarks=smooth) as pose:
        for frame in frames:
            world = pose.process(frame).pose_world_landmarks
            yield None if world is None else _positions(world.landmark)[list(BLAZEPOSE_OF_COCO)]


def _people(people: list[Any], frame: ndarray) -> ndarray:
    """[P, 17, 3] in pixels from landmarks in fractions of the frame."""
    height, width, _ = frame.shape
    points = np.zeros((len(people), len(BLAZEPOSE_OF_COCO), 3), np.float32)
    for person, landmarks in zip(points, people, strict=True):
        coco = [landmarks[index] for index in BLAZEPOSE_OF_COCO]
        person[:] = [(mark.x * width, mark.y * height, mark.visibility) for mark in coco]
    return points


def _positions(landmarks: Any) -> ndarray:
    return np.array([(mark.x, mark.y, mark.z) for mark in landmarks], np.float32)


def _solutions() -> Any:
    mediapipe = _mediapipe()
    if not hasattr(mediapipe, "solutions"):
        raise ImportError(
            f"mediapipe {mediapipe.__version__} carries no pose model: {PIP_LINE}, or use a .task file"
        )
    return mediapipe.solutions


def _mediapipe() -> Any:
    os.environ.setdefault("GLOG_minloglevel", "2")  # its C++ side prints a page of warnings otherwise
    try:
        import mediapipe
    except ImportError as error:
        raise ImportError(f"the default pose estimator needs mediapipe: {PIP_LINE}") from error
    logging.getLogger("absl").setLevel(logging.ERROR)
    return mediapipe

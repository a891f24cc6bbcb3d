"""A person who walks across the picture, turning a little: keypoints with exact truth."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy import ndarray

from vimo_pipeline.keypoints import COCO_NAMES, Keypoints

WIDTH, HEIGHT = 1280, 720

# Keypoints of the left side, in metres: to the person's left, up, and how far they swing.
_BODY = {
    "nose": (0.0, 1.62, 0.0), "eye": (0.03, 1.66, 0.0), "ear": (0.08, 1.63, 0.0),
    "shoulder": (0.2, 1.42, 0.0), "elbow": (0.25, 1.15, 0.1), "wrist": (0.27, 0.92, 0.25),
    "hip": (0.12, 0.95, 0.0), "knee": (0.13, 0.5, 0.2), "ankle": (0.13, 0.08, 0.35),
}  # fmt: skip


@pytest.fixture
def walk() -> Callable[..., ndarray]:
    """walk(frames, fps=30, x=300, height=400, heading=0.6) gives float32 [T, 17, 3]."""

    def make(
        frames: int = 90,
        fps: float = 30.0,
        *,
        x: float = 300.0,
        height: float = 400.0,
        heading: float = 0.6,
        pace: float = 0.6,
    ) -> ndarray:
        """Heading 0 faces the camera, pi / 2 walks to the right of the picture; pace in metres a second."""
        time = np.arange(frames) / fps
        heading = heading + 0.3 * np.sin(1.5 * time)
        points = np.ones((frames, len(COCO_NAMES), 3), np.float32)
        for joint, name in enumerate(COCO_NAMES):
            side = {"left": 1, "right": -1}.get(name.split("_")[0], 1)
            left, up, reach = _BODY[name.split("_")[-1]]
            arm = -1 if name.endswith(("elbow", "wrist")) else 1
            forward = reach * side * arm * np.sin(2 * np.pi * 0.9 * time)
            across = side * left * np.cos(heading) + forward * np.sin(heading) + pace * time
            points[:, joint, 0] = x + across * height / 1.7
            points[:, joint, 1] = 600 - up * height / 1.7
        points[..., 2] = 0.9
        return points

    return make


@pytest.fixture
def as_keypoints() -> Callable[..., Keypoints]:
    """Points [T, 17, 3] of a 1280 x 720 video."""

    def make(points: ndarray, fps: float = 30.0, cuts: tuple[int, ...] = ()) -> Keypoints:
        return Keypoints(points.astype(np.float32), fps, WIDTH, HEIGHT, cuts)

    return make

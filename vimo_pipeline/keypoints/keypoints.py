"""`Keypoints`: what the camera saw of one person, COCO-17, in pixels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy import ndarray

from ..whole_file import whole_file

COCO_NAMES = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder",
    "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee",
    "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
NUM_KEYPOINTS = len(COCO_NAMES)
FARTHEST = 1e6  # pixels: no picture is as large

_OTHER_SIDE = {"left": "right", "right": "left"}
MIRRORED = [  # for every keypoint, the one on the other side of the body
    COCO_NAMES.index("_".join(_OTHER_SIDE.get(word, word) for word in name.split("_"))) for name in COCO_NAMES
]


@dataclass(frozen=True)
class Keypoints:
    """One person through a clip. A keypoint that was not seen has confidence 0; its x, y mean nothing."""

    points: ndarray  # float32 [T, 17, 3]: x right, y down, in pixels; confidence in [0, 1]
    fps: float
    width: int
    height: int
    cuts: tuple[int, ...] = ()  # frames at which a new shot starts

    def __post_init__(self) -> None:
        if self.points.ndim != 3 or self.points.shape[1:] != (NUM_KEYPOINTS, 3):
            raise ValueError(
                f"keypoints must be [T, 17, 3] (COCO-17: x, y, confidence), got {list(self.points.shape)}"
            )
        if len(self.points) == 0:
            raise ValueError("keypoints hold no frame; at least one is needed")
        if not np.isfinite(self.points).all():
            raise ValueError("keypoints hold NaN or infinity; mark what was not seen with confidence 0")
        if not 0 < self.fps < float("inf"):
            raise ValueError(f"fps must be a positive number, got {self.fps}")

    def __len__(self) -> int:
        return len(self.points)

    @property
    def xy(self) -> ndarray:
        """Positions in pixels, [T, 17, 2]."""
        return self.points[..., :2]

    @property
    def confidence(self) -> ndarray:
        """How sure the detector was, [T, 17]."""
        return self.points[..., 2]

    def save(self, path: str | Path) -> None:
        """Write an NPZ with `keypoints`, `fps`, `width`, `height` and `cuts`, whole or not at all."""
        with whole_file(path) as partial, partial.open("wb") as file:  # NumPy would give a name a suffix
            np.savez_compressed(
                file, keypoints=self.points, fps=self.fps, width=self.width, height=self.height,
                cuts=np.array(self.cuts, dtype=np.int64),
            )  # fmt: skip

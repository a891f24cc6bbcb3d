"""The COCO-17 skeleton drawn over a frame: left side warm, right side cool, faint where it is unsure."""

import numpy as np
from numpy import ndarray

from ..keypoints.keypoints import COCO_NAMES, NUM_KEYPOINTS
from .render import SUBPIXEL_BITS, fixed_point, opencv

LEFT, RIGHT, TRUNK, OUTLINE = (246, 150, 104), (84, 190, 196), (240, 236, 226), (24, 28, 34)
UNSEEN = 0.08  # confidence below which nothing is drawn

LIMBS = (
    ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
    ("left_shoulder", "left_hip"), ("right_shoulder", "right_hip"),
    ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
    ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
    ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow"), ("right_elbow", "right_wrist"),
    ("nose", "left_eye"), ("left_eye", "left_ear"), ("nose", "right_eye"), ("right_eye", "right_ear"),
)  # fmt: skip


def draw_keypoints(image: ndarray, points: ndarray) -> None:
    """Draw one person's keypoints, [17, 3] in pixels and confidence, onto a uint8 RGB image in place."""
    if points.shape != (NUM_KEYPOINTS, 3):
        raise ValueError(f"points must be [17, 3] (COCO-17: x, y, confidence), got {list(points.shape)}")
    width = max(1.0, len(image) / 150)
    for start, stop in LIMBS:
        first, second = points[COCO_NAMES.index(start)], points[COCO_NAMES.index(stop)]
        confidence = min(first[2], second[2])
        if confidence > UNSEEN:
            thickness = width * (0.6 if "eye" in start + stop else 1.0)
            _blend_line(image, first[:2], second[:2], _colour(start, stop), confidence, thickness)


def _colour(start: str, stop: str) -> tuple[int, int, int]:
    sides = {name.partition("_")[0] for name in (start, stop)} - {"nose"}
    return {"left": LEFT, "right": RIGHT}[sides.pop()] if len(sides) == 1 else TRUNK


def _blend_line(
    image: ndarray, start: ndarray, stop: ndarray, colour: tuple[int, int, int], opacity: float, width: float
) -> None:
    """A rounded line with a thin dark edge, which shows on any background. Only its own box is touched."""
    cv2 = opencv()
    margin = round(2 * width) + 2
    size = np.array([image.shape[1], image.shape[0]])
    low = np.clip(np.floor(np.minimum(start, stop)) - margin, 0, size).astype(int)
    high = np.clip(np.ceil(np.maximum(start, stop)) + margin, 0, size).astype(int)
    if (high <= low).any():
        return
    box = image[low[1] : high[1], low[0] : high[0]]
    drawn = box.copy()
    ends = fixed_point(np.stack([start, stop]) - low)
    for tint, thickness in ((OUTLINE, 1.7 * width), (colour, width)):
        cv2.line(drawn, ends[0], ends[1], tint, max(1, round(thickness)), cv2.LINE_AA, SUBPIXEL_BITS)
    cv2.addWeighted(drawn, float(opacity), box, 1 - float(opacity), 0, dst=box)

"""Somebody who stands still in front of a camera: what detectors make of them."""

import json
from pathlib import Path

import numpy as np

from vimo_pipeline.keypoints import Keypoints

STANDING = np.array(  # COCO-17, in pixels
    [(0, 40), (3, 37), (-3, 37), (6, 40), (-6, 40), (18, 65), (-18, 65), (24, 95), (-24, 95), (26, 122),
     (-26, 122), (11, 125), (-11, 125), (12, 170), (-12, 170), (13, 212), (-13, 212)],
)  # fmt: skip


def standing(frames: int, *, x: float = 0.0) -> Keypoints:
    """So many frames of a picture of 320 x 240. x: where they stand in it, in pixels from the left."""
    points = np.c_[np.add(STANDING, (x, 0)), np.ones(17)].astype(np.float32)
    return Keypoints(np.tile(points, (frames, 1, 1)), 30.0, 320, 240)


def save_alphapose(path: Path, *people: Keypoints) -> None:
    """Write what AlphaPose tells of people who come with the first frame."""
    told = [
        {"image_id": f"{frame}.jpg", "keypoints": points.ravel().tolist(), "score": 1.0}
        for person in people
        for frame, points in enumerate(person.points)
    ]
    path.write_text(json.dumps(told))

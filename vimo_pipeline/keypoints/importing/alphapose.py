"""Keypoints from AlphaPose's result file, `alphapose-results.json`."""

import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from ..keypoints import NUM_KEYPOINTS, Keypoints
from .frames_of_people import frame_number, in_time, keypoint_array, keypoints_of_person, read_people

# COCO, Halpe-26, COCO-WholeBody (133), Halpe-136: the first 17 are COCO-17 in all of them.
ACCEPTED_COUNTS = (17, 26, 133, 136)


def load_alphapose(
    path: str | Path, *, fps: float = 30.0, size: tuple[int, int] | None = None, person: int | None = None
) -> Keypoints:
    """Read a list of {"image_id": "12.jpg", "keypoints": [x, y, confidence, ...]}; `fps` and `size` (width,
    height) are those of its video. Not cleaned.

    `image_id` is ordered by number. AlphaPose's own `idx` is left out: depending on its options it is
    missing, 1 for everybody or a list, so people are followed by their motion."""
    return keypoints_of_person(alphapose_people(path), path, fps=fps, size=size, person=person)


def alphapose_people(path: str | Path) -> list[ndarray]:
    """Everyone in every frame, [P, 17, 3]; a detection that comes twice counts once."""
    path = Path(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(f"no AlphaPose result at {path}")
    content = read_people(path)
    if not isinstance(content, list):
        raise ValueError(
            f"{path} is not AlphaPose's default output: a JSON list of detections is expected (--format coco)"
        )
    found: dict[int, dict[bytes, ndarray]] = defaultdict(dict)
    for detection in content:
        frame, pose = _detection(detection, path)
        found[frame][pose.tobytes()] = pose
    return in_time({frame: np.stack(list(poses.values())) for frame, poses in found.items()}, path)


def _detection(detection: Any, source: Path) -> tuple[int, ndarray]:
    """Frame number and COCO-17 pose [17, 3]."""
    if not isinstance(detection, dict) or not {"image_id", "keypoints"} <= detection.keys():
        raise ValueError(f'{source}: every detection needs "image_id" and "keypoints"')
    pose = keypoint_array(detection["keypoints"], source)
    if len(pose) not in ACCEPTED_COUNTS:
        raise ValueError(f"{source} holds {len(pose)} keypoints a person; {ACCEPTED_COUNTS} are read")
    return frame_number(str(detection["image_id"]), source), pose[:NUM_KEYPOINTS]

"""Keypoints from OpenPose: a folder of JSON files, one a frame, or a single file."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from ..keypoints import NUM_KEYPOINTS, Keypoints
from .frames_of_people import frame_number, in_time, keypoint_array, keypoints_of_person, read_people
from .layouts import guess_openpose_layout, to_coco


def load_openpose(
    path: str | Path,
    *,
    fps: float = 30.0,
    size: tuple[int, int] | None = None,
    layout: str | None = None,
    person: int | None = None,
) -> Keypoints:
    """Read what OpenPose wrote with `--write_json`: `fps` and `size` (width, height) of its video; `layout`
    "BODY_25", "BODY_25B" or "COCO_18" (None: told apart by anatomy). Not cleaned."""
    people = openpose_people(path, layout=layout)
    return keypoints_of_person(people, path, fps=fps, size=size, person=person)


def openpose_people(path: str | Path, *, layout: str | None = None) -> list[ndarray]:
    """Everyone in every frame, [P, 17, 3]."""
    path = Path(path)
    if not os.path.exists(path):
        raise FileNotFoundError(f"no OpenPose output at {path}")
    files = sorted(path.glob("[!.]*.json")) if path.is_dir() else [path]  # macOS leaves ._NAME beside NAME
    if not files:
        raise ValueError(f"{path} holds no .json file; OpenPose writes one a frame with --write_json")
    numbers = [frame_number(file.name, path) for file in files] if len(files) > 1 else [0]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"{path} holds several files of the same frame; give a folder with one recording")
    people = [_people(read_people(file), file) for file in files]
    seen = [frame for frame in people if len(frame)]
    if not seen:
        raise ValueError(f"{path}: no person found in {len(files)} frames")
    if len({frame.shape[1] for frame in seen}) > 1:
        raise ValueError(f"{path} mixes files with different numbers of keypoints")
    layout = layout or guess_openpose_layout(seen, path)
    nobody = np.zeros((0, NUM_KEYPOINTS, 3), np.float32)
    coco = [to_coco(frame, layout) if len(frame) else nobody for frame in people]
    return in_time(dict(zip(numbers, coco, strict=True)), path)


def _people(content: Any, source: Path) -> ndarray:
    """Everyone in one file, [P, N, 3]. Versions before 1.2 call the list "pose_keypoints"."""
    if not isinstance(content, dict) or not isinstance(content.get("people"), list):
        raise ValueError(f'{source} is not an OpenPose file: a JSON object with a list "people" is expected')
    lists = [_pose(person, source) for person in content["people"]]
    poses = [keypoint_array(numbers, source) for numbers in lists if numbers]
    if len({len(pose) for pose in poses}) > 1:
        raise ValueError(f"{source} mixes people with different numbers of keypoints")
    return np.stack(poses) if poses else np.zeros((0, 0, 3), np.float32)


def _pose(person: Any, source: Path) -> list:
    if not isinstance(person, dict) or not ({"pose_keypoints_2d", "pose_keypoints"} & person.keys()):
        raise ValueError(f'{source}: a person without "pose_keypoints_2d"')
    return person.get("pose_keypoints_2d", person.get("pose_keypoints"))

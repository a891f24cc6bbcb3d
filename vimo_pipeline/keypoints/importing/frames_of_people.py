"""What the importers share: reading JSON that nobody vouches for, and putting people at their time."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy import ndarray

from ...whole_file import MAX_FRAMES, read_json, shortened
from ..cleaning.tracking import follow_person
from ..keypoints import FARTHEST, NUM_KEYPOINTS, Keypoints
from .layouts import refuse_h36m

MAX_PEOPLE = 200  # in a frame: following people takes the square of it
MAX_DIGITS = 30  # of a frame number
MAX_JSON_BYTES = 32 << 20  # half an hour of AlphaPose; empty lists take 30 times that once they are read


def read_people(path: Path) -> Any:
    """The JSON that a pose estimator wrote."""
    return read_json(path, max_bytes=MAX_JSON_BYTES)


def keypoint_array(numbers: Any, source: object) -> ndarray:
    """A flat list x, y, confidence, x, ... as float32 [N, 3]; confidences above 1 become 1, unseen points
    zero."""
    try:
        points = np.array(numbers, np.float64).reshape(-1, 3)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{source}: keypoints must be a flat list of x, y, confidence") from error
    if not (np.abs(points) <= FARTHEST).all():
        raise ValueError(f"{source}: keypoints hold NaN, or are more than {FARTHEST:g} pixels away")
    points[..., 2] = points[..., 2].clip(0, 1)
    return (points * (points[..., 2:] > 0)).astype(np.float32)


def frame_number(name: str, source: object) -> int:
    """The last number in a file's name: "dance_000000000012_keypoints.json" and "12.jpg" are 12."""
    numbers = re.findall(r"\d+", Path(name).stem)
    if not numbers or len(numbers[-1]) > MAX_DIGITS:
        raise ValueError(f"{source}: {shortened(repr(name))} has no frame number in its name")
    return int(numbers[-1])


def in_time(people_at: dict[int, ndarray], source: object) -> list[ndarray]:
    """One [P, 17, 3] a frame from {frame number: [P, 17, 3]}; in a frame whose number is missing nobody was
    seen."""
    if not people_at:
        raise ValueError(f"{source} holds no frame")
    first, last = min(people_at), max(people_at)
    if last - first >= MAX_FRAMES:
        raise ValueError(
            f"{source} counts from frame {first} to {last}; at most {MAX_FRAMES} frames are read"
        )
    crowd = max(map(len, people_at.values()))
    if crowd > MAX_PEOPLE:
        raise ValueError(f"{source} holds {crowd} people in one frame; at most {MAX_PEOPLE} can be followed")
    nobody = np.zeros((0, NUM_KEYPOINTS, 3), np.float32)
    return [people_at.get(frame, nobody) for frame in range(first, last + 1)]


def keypoints_of_person(
    people: list[ndarray], source: object, *, fps: float, size: tuple[int, int] | None, person: int | None
) -> Keypoints:
    """One person from everyone in every frame, [P, 17, 3]. Without `size` (width, height) the picture is
    taken to end where the keypoints do."""
    points = follow_person(people, person, fps=fps)
    if not points[..., 2].any():
        raise ValueError(f"{source}: no person found in {len(points)} frames")
    refuse_h36m(points, source)
    width, height = (
        size or np.ceil(np.concatenate(people)[..., :2].max((0, 1))).astype(int).clip(min=1).tolist()
    )
    if size is None and max(width, height) <= 2:
        raise ValueError(f"{source} holds coordinates in fractions of the picture; pixels are needed")
    return Keypoints(points, fps, width, height)

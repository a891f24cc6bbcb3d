"""One door for everything a person may bring: a video, a keypoints file, or another program's keypoints."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from ..whole_file import existing_file
from .cleaning.clean import clean
from .cleaning.tracking import Person, list_people
from .detect import keypoints_from_video, people_in_video
from .importing.alphapose import alphapose_people, load_alphapose
from .importing.npz import load_npz
from .importing.openpose import load_openpose, openpose_people
from .keypoints import Keypoints
from .resampling import resample_keypoints

Kind = Literal["npz", "openpose", "alphapose", "video"]


def load_keypoints(
    source: str | Path,
    *,
    fps: float = 30.0,
    source_fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    person: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Keypoints:
    """Keypoints of one person at `fps`, from a video, a keypoints NPZ, an OpenPose folder or file, or an
    AlphaPose result; the content decides, not the name. `source_fps` is the rate of OpenPose and AlphaPose
    files, which do not say. An NPZ is believed as it is; everything else is cleaned.

        keypoints = load_keypoints("dance.mp4")
    """
    path = _existing(source)
    match kind_of(path):
        case "npz":
            return resample_keypoints(load_npz(path), fps)
        case "openpose":
            return resample_keypoints(clean(load_openpose(path, fps=source_fps, person=person)), fps)
        case "alphapose":
            return resample_keypoints(clean(load_alphapose(path, fps=source_fps, person=person)), fps)
        case "video":
            return keypoints_from_video(path, fps=fps, estimator=estimator, person=person, progress=progress)


def find_people(
    source: str | Path,
    *,
    source_fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    progress: Callable[[int, int], None] | None = None,
) -> list[Person]:
    """Who can be followed through a video, an OpenPose folder or an AlphaPose result, most prominent
    first."""
    path = _existing(source)
    match kind_of(path):
        case "npz":
            raise ValueError(f"{path} holds one person; there is nobody to choose")
        case "openpose":
            return list_people(openpose_people(path), fps=source_fps)
        case "alphapose":
            return list_people(alphapose_people(path), fps=source_fps)
        case "video":
            return people_in_video(path, estimator=estimator, progress=progress)


def kind_of(path: Path) -> Kind:
    """What a file or folder holds, by its first bytes; whatever is not a keypoints file is tried as a
    video."""
    if path.is_dir():
        return "openpose"
    start = _start(path)
    if start.startswith(b"\x93NUMPY"):
        raise ValueError(f"{path} is a bare array; save an NPZ with keypoints, fps, width and height")
    known: dict[bytes, Kind] = {b"PK\x03\x04": "npz", b"[": "alphapose", b"{": "openpose"}
    return next((kind for magic, kind in known.items() if start.startswith(magic)), "video")


def _existing(source: str | Path) -> Path:
    path = Path(os.path.expanduser(source))  # Path.expanduser raises for users that are not there
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"nothing at {path}; give a video, a keypoints NPZ, OpenPose or AlphaPose output"
        )
    return path if path.is_dir() else existing_file(path)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()

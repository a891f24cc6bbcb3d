"""One door for everything a person may bring: a video, a keypoints file, or another program's keypoints."""

from collections.abc import Callable
from pathlib import Path

from .alphapose import load_alphapose
from .cleaning import clean
from .detect import keypoints_from_video
from .keypoints import Keypoints
from .npz import load_npz
from .openpose import load_openpose
from .resampling import resample_keypoints


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
    path = Path(source).expanduser()
    if not path.exists():
        raise FileNotFoundError(
            f"nothing at {path}; give a video, a keypoints NPZ, OpenPose or AlphaPose output"
        )
    if path.is_dir():
        return resample_keypoints(clean(load_openpose(path, fps=source_fps, person=person)), fps)
    start = _start(path)
    if start.startswith(b"PK\x03\x04"):
        return resample_keypoints(load_npz(path), fps)
    if start.startswith(b"["):
        return resample_keypoints(clean(load_alphapose(path, fps=source_fps, person=person)), fps)
    if start.startswith(b"{"):
        return resample_keypoints(clean(load_openpose(path, fps=source_fps, person=person)), fps)
    if start.startswith(b"\x93NUMPY"):
        raise ValueError(f"{path} is a bare array; save an NPZ with keypoints, fps, width and height")
    return keypoints_from_video(path, fps=fps, estimator=estimator, person=person, progress=progress)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()

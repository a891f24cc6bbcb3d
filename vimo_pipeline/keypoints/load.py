"""One door for everything a person may bring: a video, a keypoints file, or another program's keypoints."""

from collections.abc import Callable
from pathlib import Path

from .detect import keypoints_from_video
from .keypoints import Keypoints
from .npz import load_npz


def load_keypoints(
    source: str | Path,
    *,
    fps: float = 30.0,
    estimator: str | Path = "mediapipe",
    person: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Keypoints:
    """Keypoints of one person from a video or a keypoints NPZ; what the file really is decides, not its name."""
    path = Path(source)
    if not path.exists():
        raise FileNotFoundError(f"nothing at {path}")
    if path.is_file() and _first_bytes(path) == b"PK\x03\x04":
        return load_npz(path)
    return keypoints_from_video(path, fps=fps, estimator=estimator, person=person, progress=progress)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)

"""The picture in a model card: moments of a video with its keypoints, beside motions imagined from them."""

from pathlib import Path

import numpy as np
from numpy import ndarray
from torch import Generator

from ...export.preview import preview_frames
from ...export.render import opencv
from ...keypoints import Keypoints, load_keypoints
from ...keypoints.load import kind_of
from ...video import read_frames
from ...whole_file import whole_file
from ..vimo import ViMoPipeline

MOMENTS = 3
WIDTH = 760  # pixels
QUALITY = 82  # of the JPEG


def write_card_picture(path: str | Path, source: str | Path, *, pipe: ViMoPipeline, seed: int = 0) -> None:
    """Write a JPEG of moments of a video or keypoints file, each with two motions of this pipeline."""
    cv2 = opencv()
    seen = load_keypoints(source)
    output = pipe(keypoints=seen, num_hypotheses=2, generator=Generator().manual_seed(seed))
    seen, motions = output.keypoints, output.motions
    places = np.linspace(0, len(seen), MOMENTS + 2).astype(int)[1:-1].tolist()
    frames = _frames_at(source, seen, places)
    rows = []
    for place in places:
        alone = Keypoints(seen.points[place : place + 1], seen.fps, seen.width, seen.height)
        moments = [motion.frames(place, place + 1) for motion in motions]
        rows += preview_frames(moments, keypoints=alone, frames=frames and [frames[place]])
    picture = np.concatenate(rows)
    size = (WIDTH, round(WIDTH * picture.shape[0] / picture.shape[1]))
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    done, code = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise OSError(f"cannot write {path}: OpenCV could not make a JPEG of it")
    with whole_file(path) as partial:
        partial.write_bytes(code.tobytes())


def _frames_at(source: str | Path, seen: Keypoints, places: list[int]) -> dict[int, ndarray] | None:
    """Single frames of a video, uint8 RGB [H, W, 3]; None for a keypoints file."""
    if kind_of(source) != "video":
        return None
    frames = enumerate(read_frames(source, fps=seen.fps))
    return {place: frame for place, frame in frames if place in places}

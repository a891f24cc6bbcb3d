"""Rows of a prepared dataset: clips cut into pieces of 150 frames, and put together again."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from types import ModuleType

import numpy as np
import torch
from numpy import ndarray

from ..keypoints.keypoints import NUM_KEYPOINTS, Keypoints
from ..motion import Motion
from ..motion.rotations import axis_angle_to_quaternion, quaternion_to_axis_angle
from ..motion.skeleton import CONTACT_JOINTS, NUM_JOINTS
from .clips import FPS, Clip
from .packs import RADIANS_A_STEP

PIECE = 150  # frames: five seconds (ViMo, section 4.1)
CLIP_COLUMNS = ("name", "start", "frames", "category", "licence", "rotations", "root", "contacts")
VIEW_COLUMNS = ("views", "view_sizes")
_SHAPES = {
    "rotations": ((PIECE, NUM_JOINTS, 3), "int16"),  # axis-angle in steps of 1e-4 radians
    "root": ((PIECE, 3), "float32"),
    "contacts": ((PIECE, len(CONTACT_JOINTS)), "float32"),
}
_VALUES = {
    "name": "string", "start": "int32", "frames": "int32", "fps": "float32", "category": "string",
    "source": "string", "split": "string", "licence": "string",
}  # fmt: skip


def datasets_library() -> ModuleType:
    """Hugging Face `datasets`, or how to install it."""
    try:
        import datasets
    except ImportError as missing:
        raise ImportError("datasets are prepared and read by pip install 'vimo-pipeline[train]'") from missing
    return datasets


def piece_features(*, views: int):
    """The columns of a row, a `datasets.Features`. views: cameras of the source, 0 for none."""
    datasets = datasets_library()
    arrays = {2: datasets.Array2D, 3: datasets.Array3D, 4: datasets.Array4D}
    shapes = dict(_SHAPES)
    if views:
        shapes["views"] = ((views, PIECE, NUM_KEYPOINTS, 3), "float32")  # pixels and confidence, 0 not seen
        shapes["view_sizes"] = ((views, 2), "int32")  # width, height
    columns = {name: arrays[len(shape)](shape, dtype) for name, (shape, dtype) in shapes.items()}
    return datasets.Features({name: datasets.Value(dtype) for name, dtype in _VALUES.items()} | columns)


def wrong_columns(features) -> list[str]:
    """Which columns of a `datasets.Features` are of another type than those that `prepare` writes."""
    ours = piece_features(views=0)
    return [name for name in CLIP_COLUMNS if features[name] != ours[name]]


def cut_clip(clip: Clip, *, stride: int, shortest: int, views: int) -> Iterator[dict]:
    """Pieces of a clip that begin every `stride` frames. The last one repeats its last frame to full length
    and `frames` counts the real ones; one of fewer than `shortest` is dropped."""
    for start in range(0, len(clip.motion), stride):
        frames = min(PIECE, len(clip.motion) - start)
        if frames >= shortest:
            yield _row(clip, start, frames, views)
        if start + PIECE >= len(clip.motion):
            break


def join_pieces(rows: Iterable[dict]) -> list[Clip]:
    """The clips that rows in their written order were cut from; a gap between pieces begins a new clip."""
    clips: list[Clip] = []
    rows = (_plausible(row) for row in rows)
    for _, pieces in groupby(rows, key=lambda row: row["name"]):
        run: list[dict] = []
        for piece in pieces:
            if run and not run[-1]["start"] < piece["start"] <= run[-1]["start"] + run[-1]["frames"]:
                clips.append(_clip(run))
                run = []
            run.append(piece)
        clips.append(_clip(run))
    return clips


def _plausible(row: dict) -> dict:
    """The row, of which as many frames are real as there are."""
    if not (row["start"] >= 0 and 0 < row["frames"] <= PIECE):
        raise ValueError(f"{row['name']} has a piece of {row['frames']} frames from frame {row['start']} on")
    return row


def _row(clip: Clip, start: int, frames: int, views: int) -> dict:
    kept = np.minimum(np.arange(start, start + PIECE), start + frames - 1)
    motion = clip.motion
    steps = quaternion_to_axis_angle(motion.rotations[kept]) / RADIANS_A_STEP
    row = {
        "name": clip.name, "start": start, "frames": frames, "fps": FPS, "category": clip.category,
        "licence": clip.licence, "rotations": steps.round().short().numpy(),
        "root": motion.root[kept].numpy(), "contacts": motion.contacts[kept].numpy(),
    }  # fmt: skip
    if views:
        seen = clip.views or (_unseen(len(motion)),) * views
        row["views"] = np.stack([view.points[kept] for view in seen])
        row["view_sizes"] = np.array([[view.width, view.height] for view in seen], np.int32)
    return row


def _unseen(frames: int) -> Keypoints:
    return Keypoints(np.zeros((frames, NUM_KEYPOINTS, 3), np.float32), FPS, 1, 1)


def _clip(run: list[dict]) -> Clip:
    """One clip of pieces that touch or overlap."""
    rotations = torch.from_numpy(_along_time(run, "rotations").astype(np.float32)) * RADIANS_A_STEP
    motion = Motion(
        axis_angle_to_quaternion(rotations),
        torch.from_numpy(_along_time(run, "root").astype(np.float32)),
        torch.from_numpy(_along_time(run, "contacts").astype(np.float32)),
        FPS,
    )
    name, category, licence = (str(run[0][key]) for key in ("name", "category", "licence"))
    return Clip(name, motion, category, licence, _views(run))


def _views(run: list[dict]) -> tuple[Keypoints, ...]:
    if "views" not in run[0]:
        return ()
    points = _along_time(run, "views", axis=1)
    sizes = run[0]["view_sizes"].tolist()
    return tuple(Keypoints(view, FPS, *size) for view, size in zip(points, sizes, strict=True))


def _along_time(run: list[dict], column: str, *, axis: int = 0) -> ndarray:
    """What is new in each piece, one after the other."""
    parts, end = [], run[0]["start"]
    for piece in run:
        new = slice(end - piece["start"], piece["frames"])
        parts.append(piece[column][(slice(None),) * axis + (new,)])
        end = piece["start"] + piece["frames"]
    return np.concatenate(parts, axis)

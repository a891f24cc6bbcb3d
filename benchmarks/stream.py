"""Live motion beside the pipeline that knows the whole clip; writes docs/RESULTS.md.

    python benchmarks/stream.py --data ../shared/data/mocap --write
    python benchmarks/stream.py --parts pace --write   # alone on two cores, or its times mean nothing

The test sets are those of benchmarks/accuracy.py; stream and pipeline are told the same keypoints. From
pixels, the bundled example is looked at by mediapipe picture by picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Literal, get_args

import numpy as np
import torch
import tyro
from accuracy import RESULTS, machine
from accuracy_parts import exact
from accuracy_pixels import EXAMPLE, JITTER, LIMBS, PA, Film, cells, figures, watch
from accuracy_scores import FPS, interval, scores
from accuracy_sets import PACKS, TestSet, filmed
from one_euro import one_euro
from stream_pace import WARM, held_after, latencies, pictures_of, rate
from stream_rows import captured, streamed, streamed_from
from tables import Cell, Table, markdown, replace_section
from torch import Tensor

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.data.casual import LEVELS
from vimo_pipeline.keypoints import COCO_NAMES
from vimo_pipeline.keypoints.estimating.mediapipe_pose import mediapipe_world_landmarks
from vimo_pipeline.motion.skeleton import joint_indices
from vimo_pipeline.pipelines.stream import LOOK_AHEAD, ViMoStream

Part = Literal["accuracy", "grid", "pixels", "pace", "memory"]
COLUMNS = {"PA-MPJPE mm": 1, "jitter m/s³": 0, "MPJPE mm": 0, "W-MPJPE mm": 0, "foot skate m/s": 2,
           "contact F1": 2}  # fmt: skip
WINDOWS, LOOK_AHEADS = (24, 36, 60), (0, 2, 4, 6)
MINUTES = (1, 5, 15, 30, 60, 90, 120)
PACE = {"pictures a second": 0, "p50 ms": 0, "p95 ms": 0, "of it waiting ms": 0}
LEVEL = "moving and noisy"
WHOLE = "the pipeline, which knows the whole clip"
OPTIONS = {
    "with guidance 1.5, two passes a frame": {"guidance_scale": 1.5},
    "two frames a call, as when the computer is too slow": {"at_once": 2},
    "without following what was seen": {"lift_strength": 0.0, "reprojection_strength": 0.0},
    "not calmed": {"smoothing": 0.0},
}


@dataclass(frozen=True)
class Stream:
    """What to measure."""

    data: Path | None = None
    """Folder with motion packs, for accuracy and grid."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    clips: int = 48
    """Windows drawn from each test set; the grid of windows and look-aheads takes a sixth of them."""
    parts: tuple[Part, ...] = get_args(Part)
    """What to measure."""
    threads: int = 1
    """Of the network; the other core looks at pictures."""
    frames: int = 300
    """Pictures that are timed."""
    hours: float = 2.0
    """Of the stream whose memory is watched."""
    camera_fps: float = 5.0
    """Of that stream's camera; its motion has 30 frames a second all the same."""
    write: bool = False
    """Put the tables into docs/RESULTS.md."""


def main(options: Stream) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    torch.set_num_threads(options.threads)
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    for part in options.parts:
        start = process_time()
        tables = [*PARTS[part](pipe, options)]
        text = "\n".join([*map(markdown, tables), f"{process_time() - start:.0f} s; {machine()}.\n"])
        print(text, flush=True)
        if options.write:
            replace_section(RESULTS, f"stream: {part}", text)


def accuracy(pipe: ViMoPipeline, options: Stream) -> Iterator[Table]:
    """Stream beside pipeline on both test sets at two levels, and the stream's own parts on one."""
    for name, level, clips in _sets(options):
        rows = {
            WHOLE: captured(pipe, clips),
            "stream": streamed(pipe, clips),
        }
        if (name, level) == (next(iter(PACKS)), LEVEL):
            rows |= {f"stream {row}": streamed(pipe, clips, **parts) for row, parts in OPTIONS.items()}
        shown = {row: _scored(motions, clips) for row, motions in rows.items()}
        yield Table(f"Stream: {name}, {level}", COLUMNS, shown)


def grid(pipe: ViMoPipeline, options: Stream) -> Iterator[Table]:
    """What window and look-ahead do to accuracy."""
    name, pack = next(iter(PACKS.items()))
    clips = filmed(name, LEVEL, _data(options), pack, LEVELS[LEVEL], max(2, options.clips // 6))
    rows = {WHOLE: captured(pipe, clips)} | {
        f"{window} frames, {ahead} ahead": streamed(pipe, clips, window=window, look_ahead=ahead)
        for window in WINDOWS
        for ahead in LOOK_AHEADS
    }
    rows = {row: _scored(motions, clips) for row, motions in rows.items()}
    yield Table(f"Stream: window and look-ahead, {clips.name}", COLUMNS, rows)


def pixels(pipe: ViMoPipeline, options: Stream) -> Iterator[Table]:
    """The bundled example: truth, mediapipe's own 3D with and without filters, pipeline, stream."""
    truth = torch.from_numpy(np.load(EXAMPLE.with_name("example_truth.npz"), allow_pickle=False)["joints"])
    film = watch(EXAMPLE, truth.float()[:, joint_indices(LIMBS)])
    pictures = pictures_of(EXAMPLE, _size(film.seen))
    raw = _limbs(list(mediapipe_world_landmarks(pictures, smooth=False)), film)
    rows = {
        "the truth": film.truth,
        "mediapipe's 3D, picture by picture": raw,
        "the same through a one-euro filter": one_euro(raw, fps=FPS),
        "the same, filtered until it is calm": one_euro(raw, fps=FPS, min_cutoff=0.5, beta=0.0),
        "mediapipe's 3D with its own filter": film.landmarks,
        WHOLE: _of_motion(pipe(keypoints=film.seen).motions[0].joints(), film),
    }
    for ahead in (0, 2, LOOK_AHEAD):
        with ViMoStream.from_pipe(pipe, look_ahead=ahead) as stream:
            rows[f"stream, {ahead} ahead"] = _of_motion(streamed_from(pictures, stream), film)
    shown = {row: cells([figures(joints, film)]) for row, joints in rows.items()}
    yield Table("Stream: the bundled example, from pixels", {PA: 1, JITTER: 0}, shown)


def pace(pipe: ViMoPipeline, options: Stream) -> Iterator[Table]:
    """Pictures a second, and milliseconds from picture to pose, pose estimation included."""
    rows = {}
    for window in WINDOWS:
        with ViMoStream.from_pipe(pipe, window=window) as stream:
            fast = rate(stream, EXAMPLE, options.frames)
        for ahead in LOOK_AHEADS:
            with ViMoStream.from_pipe(pipe, window=window, look_ahead=ahead) as stream:
                late = 1000 * latencies(stream, EXAMPLE, options.frames)
            values = (fast, *np.quantile(late, [0.5, 0.95]), 1000 * ahead / FPS)
            rows[f"{window} frames, {ahead} ahead"] = dict(zip(PACE, map(exact, values), strict=True))
    title = f"Stream: from a picture of 640 x 480 to its pose, {options.frames} pictures after {WARM}"
    yield Table(title, PACE, rows)


def memory(pipe: ViMoPipeline, options: Stream) -> Iterator[Table]:
    """What the process holds while a stream goes on for hours."""
    with np.load(EXAMPLE.with_name("example_truth.npz"), allow_pickle=False) as truth:
        width, height = int(truth["width"]), int(truth["height"])
        seen = Keypoints(truth["keypoints"].astype(np.float32), FPS, width, height)
    minutes = [minute for minute in MINUTES if minute <= 60 * options.hours]
    held = held_after(pipe, seen, minutes, fps=options.camera_fps)
    rows = {f"{minute} min": {"MiB": exact(size)} for minute, size in zip(minutes, held, strict=True)}
    yield Table("Stream: memory of the process", {"MiB": 1}, rows)


def _sets(options: Stream) -> Iterator[tuple[str, str, TestSet]]:
    for name, pack in PACKS.items():
        for level in list(LEVELS)[1:]:
            yield name, level, filmed(name, level, _data(options), pack, LEVELS[level], options.clips)


def _data(options: Stream) -> Path:
    if options.data is None:
        raise ValueError(
            "--data FOLDER is needed for accuracy and grid; or choose --parts pixels pace memory"
        )
    return options.data


def _scored(motions: Tensor, clips: TestSet) -> dict[str, Cell]:
    found = scores(motions, clips.truth)
    return {column: interval(found[column]) for column in COLUMNS}


def _limbs(landmarks: list[np.ndarray | None], film: Film) -> Tensor:
    """Landmarks of the limbs, [T, 12, 3]; where nobody is found, those found last."""
    order, last, rows = [COCO_NAMES.index(name) for name in LIMBS], np.zeros((12, 3), np.float32), []
    for one in landmarks[: len(film.truth)]:
        last = last if one is None else one[order]
        rows.append(torch.from_numpy(last))
    return torch.stack(rows)


def _of_motion(joints: Tensor, film: Film) -> Tensor:
    return joints[: len(film.truth), joint_indices(LIMBS)]


def _size(seen: Keypoints) -> tuple[int, int]:
    """Of pictures as the pipeline's estimator sees them, at most 640 pixels wide."""
    scale = min(1.0, 640 / max(seen.width, seen.height))
    return round(seen.width * scale), round(seen.height * scale)


PARTS: dict[Part, Callable[[ViMoPipeline, Stream], Iterator[Table]]] = {
    "accuracy": accuracy, "grid": grid, "pixels": pixels, "pace": pace, "memory": memory,
}  # fmt: skip

if __name__ == "__main__":
    main(tyro.cli(Stream))

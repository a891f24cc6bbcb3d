"""From pixels, beside mediapipe's own 3D: the bundled example and rendered films of test motions."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import torch
from accuracy_rows import HYPOTHESES, run
from accuracy_scores import FPS, interval
from accuracy_sets import FRAMES, PACKS, test_motions
from detector_views import FILMED, DressedActor, focal_lengths, random_spans
from tables import Cell, Table
from torch import Generator, Tensor
from tqdm import tqdm

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.data.cameras import film
from vimo_pipeline.keypoints import COCO_NAMES, keypoints_from_video
from vimo_pipeline.keypoints.estimating.mediapipe_pose import mediapipe_world_landmarks
from vimo_pipeline.metrics import jitter, pa_mpjpe
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import joint_indices
from vimo_pipeline.video.reader import read_frames
from vimo_pipeline.video.writer import write_video

EXAMPLE = Path(__file__).parents[1] / "examples" / "example.mp4"
CLIPS = 4  # rendered from every test set
LIMBS = tuple(
    f"{side}_{joint}"
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)
PA, JITTER = "PA-MPJPE mm", "jitter m/s³"
ROWS = {
    "without re-projection": {"reprojection_strength": 0.0},
    "without following the lift": {"lift_strength": 0.0},
    "the default": {},
}


class Film(NamedTuple):
    """A clip as a detector and as mediapipe's own 3D saw it, and what was there."""

    seen: Keypoints
    landmarks: Tensor  # [T, 12, 3] of the limbs, metres; 0 where nobody was seen
    found: Tensor  # [T]
    truth: Tensor  # [T, 12, 3]


def pixel_tables(pipe: ViMoPipeline, folder: Path | None) -> Iterator[Table]:
    """The example and, where there is data, films of test motions."""
    truth = torch.from_numpy(np.load(EXAMPLE.with_name("example_truth.npz"), allow_pickle=False)["joints"])
    example = watch(EXAMPLE, truth.float()[:, joint_indices(LIMBS)])
    yield Table("From pixels: the bundled example", {PA: 1, JITTER: 0}, rows_of(pipe, [example]))
    for name, pack in PACKS.items() if folder is not None else ():
        films = list(rendered(folder, pack))
        yield Table(f"From pixels: {name}, rendered", {PA: 1, JITTER: 0}, rows_of(pipe, films))


def rendered(folder: Path, pack: str) -> Iterator[Film]:
    """Random spans of test motions, filmed in one shot, drawn with the example's actor and written as MP4."""
    generator = Generator().manual_seed(5)
    spans = list(random_spans(test_motions(folder, pack), CLIPS, FRAMES, generator))
    root, joints = torch.stack([one.root for one in spans]), torch.stack([one.joints() for one in spans])
    view = film(joints, root, generator=generator, casual=FILMED)
    eye = root - (view.metres[..., 0, None, :] @ view.world_to_camera)[..., 0, :]
    focal_length = focal_lengths(view, root, eye, generator)
    actor = DressedActor()
    with TemporaryDirectory() as folder:
        for number, shot in enumerate(zip(spans, eye, view.world_to_camera, focal_length, strict=True)):
            path = Path(folder) / f"{number}.mp4"
            pictures = tqdm(actor.pictures(*shot), total=FRAMES, desc=f"{pack} {number}")
            write_video(path, pictures, fps=FPS)
            yield watch(path, joints[number][:, joint_indices(LIMBS)])


def watch(video: Path, truth: Tensor) -> Film:
    """A video through the default estimator, and through mediapipe's own 3D."""
    order = [COCO_NAMES.index(name) for name in LIMBS]
    landmarks = list(mediapipe_world_landmarks(read_frames(video, fps=FPS)))[: len(truth)]
    found = torch.tensor([one is not None for one in landmarks])
    limbs = np.stack([np.zeros((12, 3), np.float32) if one is None else one[order] for one in landmarks])
    return Film(keypoints_from_video(video), torch.from_numpy(limbs), found, truth[: len(limbs)])


def rows_of(pipe: ViMoPipeline, films: list[Film]) -> dict[str, dict[str, Cell]]:
    """Truth, mediapipe and ours."""
    rows = {
        "the truth": [figures(film.truth, film) for film in films],
        "mediapipe's own 3D": [figures(film.landmarks, film) for film in films],
    }
    for name, options in ROWS.items():
        rows[name] = [figures(imagine(pipe, film, **options)[0], film) for film in films]
    several = [
        [figures(motion, film) for motion in imagine(pipe, film, num_hypotheses=HYPOTHESES)] for film in films
    ]
    rows[f"best of {HYPOTHESES} (knowing the truth)"] = [min(each, key=_mean_error) for each in several]
    return {name: cells(row) for name, row in rows.items()}


def imagine(pipe: ViMoPipeline, film: Film, **options: object) -> list[Tensor]:
    """Limb joints of every hypothesis, [T, 12, 3]."""
    motion = unpack_features(run(pipe, film.seen, **options).motions)
    joints = forward_kinematics(motion.rotations, motion.root)
    return list(joints[:, : len(film.truth), joint_indices(LIMBS)])


def figures(joints: Tensor, film: Film) -> dict[str, Tensor]:
    """Errors of a clip where mediapipe saw someone, in means of one second, so that they can be resampled."""
    middle = joints[:, 6:8].mean(1, keepdim=True)  # mediapipe does not know where a body is
    pairs = {PA: 1000 * pa_mpjpe(joints, film.truth)[film.found], JITTER: jitter(joints - middle, fps=FPS)}
    return {name: torch.stack([second.mean() for second in each.split(30)]) for name, each in pairs.items()}


def cells(clips: list[dict[str, Tensor]]) -> dict[str, Cell]:
    """Intervals over all seconds of all clips."""
    return {name: interval(torch.cat([clip[name] for clip in clips])) for name in (PA, JITTER)}


def _mean_error(figure: dict[str, Tensor]) -> float:
    return float(figure[PA].mean())

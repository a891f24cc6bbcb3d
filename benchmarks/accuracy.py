"""How far captured joints are from the truth, on motions never trained on.

    python benchmarks/accuracy.py --data ../shared/data/mocap

Held-out CMU subjects and, as the out-of-domain test, another studio's actors (Bandai Namco, evaluation only)
are seen by virtual casual cameras with detector noise; the bundled example is captured from its pixels,
beside mediapipe's own 3D landmarks. Intervals are 95 % bootstrap intervals over clips.
"""

import json
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import tyro
from torch import Generator, Tensor
from tqdm import tqdm

from vimo_pipeline import Keypoints, Motion, ViMoPipeline
from vimo_pipeline.data.batches import draw_batch
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.keypoints import keypoints_from_video
from vimo_pipeline.metrics import mpjpe, pa_mpjpe
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import joint_indices

EXAMPLE = Path(__file__).parents[1] / "examples" / "example.mp4"
LIMBS = [
    f"{side}_{joint}"
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
]


@dataclass(frozen=True)
class Accuracy:
    """What to measure."""

    data: Path | None = None
    """Folder with motion packs; without it only the example is measured."""
    model: str | None = None
    clips: int = 96
    """Windows drawn from each test set."""
    steps: int = 10
    variants: tuple[tuple[float, float], ...] = ((1.5, 0.8), (1.5, 0.0), (1.0, 0.8), (2.5, 0.8))
    """Pairs of guidance scale and lift strength; the first is the pipeline's default."""
    hypotheses: int = 1
    out: Path | None = None
    """JSON file for the figures."""


def main(options: Accuracy) -> None:
    """Measure, print a table and write the figures."""
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    rows = list(example_rows(pipe, options))
    if options.data is not None:
        for name, pack in (("held-out CMU", "cmu"), ("out of domain", "bandai_eval_nc")):
            rows += test_rows(pipe, name, options.data, pack, options)
    say(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {platform.machine()}\n")
    for row in rows:
        say(f"{row['set']:>16} {row['what']:<36} {row['mm']:6.1f} mm  [{row['low']:.1f}, {row['high']:.1f}]")
    if options.out is not None:
        options.out.write_text(json.dumps(rows, indent=2) + "\n")


def example_rows(pipe: ViMoPipeline, options: Accuracy):
    """The bundled example, from pixels: PA-MPJPE of the twelve limb joints, ours and mediapipe's."""
    truth = np.load(EXAMPLE.with_name("example_truth.npz"), allow_pickle=False)
    joints = torch.from_numpy(truth["joints"])[:, joint_indices(tuple(LIMBS))].float()
    seen = keypoints_from_video(EXAMPLE)
    for variant in options.variants:
        motion = imagine(pipe, seen, variant, options)[0]
        ours = motion.joints()[: len(joints), joint_indices(tuple(LIMBS))]
        yield row("example", f"PA-MPJPE {name_of(variant)}", pa_mpjpe(ours, joints[: len(ours)]), frames=True)
    world, found = mediapipe_limbs(len(joints))
    yield row(
        "example", "PA-MPJPE of mediapipe's landmarks", pa_mpjpe(world[found], joints[found]), frames=True
    )


def mediapipe_limbs(frames: int) -> tuple[Tensor, Tensor]:
    """mediapipe's metric landmarks of the limb joints, [T, 12, 3], and where there are any, [T]."""
    from vimo_pipeline.keypoints import COCO_NAMES
    from vimo_pipeline.keypoints.mediapipe_pose import mediapipe_world_landmarks
    from vimo_pipeline.video.reader import read_frames

    order = [COCO_NAMES.index(name) for name in LIMBS]
    landmarks = list(mediapipe_world_landmarks(read_frames(EXAMPLE, fps=30)))[:frames]
    found = torch.tensor([one is not None for one in landmarks])
    world = [np.zeros((12, 3)) if one is None else one[order] for one in landmarks]
    return torch.from_numpy(np.stack(world)).float(), found


def test_rows(pipe: ViMoPipeline, name: str, folder: Path, pack: str, options: Accuracy) -> list[dict]:
    """Windows of a test split seen by virtual cameras."""
    bank = MotionBank([clip.motion for clip in load_pack(folder, pack, split="test")])
    batch = draw_batch(bank, options.clips, 150, generator=Generator().manual_seed(11), augment=())
    truth = to_joints(batch.features)
    rows = []
    for variant in options.variants:
        predicted = torch.stack(
            [
                imagine(pipe, as_keypoints(points), variant, options)[0].joints()
                for points in tqdm(batch.keypoints, desc=f"{name}, {name_of(variant)}", file=sys.stderr)
            ]
        )
        for label, error in {"PA-MPJPE": pa_mpjpe, "MPJPE": mpjpe}.items():
            errors = clip_mean(error(predicted, truth), batch.mask)
            rows.append(row(name, f"{label} {name_of(variant)}", errors))
    rest = truth.mean((0, 1)).expand_as(truth)
    rows.append(row(name, "PA-MPJPE of the mean pose", clip_mean(pa_mpjpe(rest, truth), batch.mask)))
    return rows


def name_of(variant: tuple[float, float]) -> str:
    """A variant in words."""
    return f"guidance {variant[0]:g}, lift {variant[1]:g}"


def imagine(
    pipe: ViMoPipeline, seen: Keypoints, variant: tuple[float, float], options: Accuracy
) -> list[Motion]:
    """Motions of one clip, always from the same noise."""
    return pipe(
        keypoints=seen,
        guidance_scale=variant[0],
        lift_strength=variant[1],
        num_inference_steps=options.steps,
        num_hypotheses=options.hypotheses,
        generator=Generator().manual_seed(0),
    ).motions


def as_keypoints(points: Tensor) -> Keypoints:
    """Normalised keypoints as if a camera had seen them at 250 pixels a body size."""
    pixels = points.clone()
    pixels[..., :2] = pixels[..., :2] * torch.tensor([250.0, -250.0]) + 500
    return Keypoints(pixels.numpy(), 30.0, 1000, 1000)


def to_joints(features: Tensor) -> Tensor:
    """[..., 151] -> [..., 24, 3] metres."""
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, motion.root)


def clip_mean(error: Tensor, mask: Tensor) -> Tensor:
    """Mean over the real frames of each clip, [B]."""
    return (error * mask).sum(1) / mask.sum(1)


def row(name: str, what: str, errors: Tensor, *, frames: bool = False) -> dict:
    """Mean and bootstrap interval in millimetres; single frames are resampled in blocks of one second."""
    errors = 1000 * errors
    blocks = torch.stack([block.mean() for block in errors.split(30)]) if frames else errors
    pick = torch.randint(len(blocks), (2000, len(blocks)), generator=Generator().manual_seed(0))
    low, high = blocks[pick].mean(1).quantile(torch.tensor([0.025, 0.975])).tolist()
    return {"set": name, "what": what, "mm": float(errors.mean()), "low": low, "high": high}


def say(text: str) -> None:
    """A line of the table."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(tyro.cli(Accuracy))

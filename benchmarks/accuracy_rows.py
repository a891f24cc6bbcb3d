"""What is compared: the pipeline with and without its parts, models that differ in one idea, and floors."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from accuracy_scores import Scores, best, mean, scores
from accuracy_sets import TestSet
from torch import Generator, Tensor

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.metrics.calibration import Calibration, calibration
from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.pipelines import ViMoPipelineOutput
from vimo_pipeline.pipelines.ranking import face_alike
from vimo_pipeline.schedulers import PTSSScheduler
from vimo_pipeline.training.samples import sample

Row = Callable[[TestSet], Scores]
HYPOTHESES = 8
_DRAWN = {"likeliest_first": False, "follow_feet": False}
BARE = {**_DRAWN, "lift_strength": 0.0, "reprojection_strength": 0.0, "smoothing": 0.0}
PARTS = {
    "one step, nothing else": {**BARE, "num_inference_steps": 1},
    "diffusion alone": BARE,
    "+ following the lift": {**_DRAWN, "reprojection_strength": 0.0, "smoothing": 0.0},
    "+ re-projection": {**_DRAWN, "smoothing": 0.0},
    "+ smoothing": _DRAWN,
    "+ from the middle of all noise": {"follow_feet": False},
    "+ path follows feet: the default": {},
    "the same with guidance 1.5": {"guidance_scale": 1.5},
    "the same with 10 steps": {"num_inference_steps": 10},
}


def floors(folder: Path) -> dict[str, Row]:
    """The truth itself, for figures that are not errors, and the mean pose of the training motions."""
    still = mean_pose(folder)
    return {
        "the truth": lambda seen: scores(seen.truth, seen.truth),
        "mean pose": lambda seen: scores(still.expand_as(seen.truth), seen.truth),
    }


def mean_pose(folder: Path) -> Tensor:
    """The features of the pose in the middle of all training poses, [151]."""
    bank = MotionBank([clip.motion for clip in load_pack(folder, "cmu", split="train")])
    drawn = bank.draw(256, 150, generator=Generator().manual_seed(0), augment=()).motion.pack()
    return drawn.mean((0, 1))


def pipeline_rows(pipe: ViMoPipeline) -> Iterator[tuple[str, Row]]:
    """The pipeline as it is and with parts of it switched off."""
    for name, options in PARTS.items():
        yield name, lambda seen, options=options: scores(imagine(pipe, seen, **options), seen.truth)


class Hypotheses:
    """Several hypotheses of every clip of a set, imagined once for all that is asked of them."""

    def __init__(self, pipe: ViMoPipeline, seen: TestSet) -> None:
        self.truth = seen.truth
        outputs = [run(pipe, clip, num_hypotheses=HYPOTHESES) for clip in seen.seen]
        self.motions = torch.stack([output.motions for output in outputs], 1)  # [K, N, T, 151]
        self.spread = torch.stack([output.spread for output in outputs])  # [N, T, 24]

    def rows(self) -> dict[str, Scores]:
        """Those after the likeliest, which are drawn, their first in the ranking, and the best of all."""
        scored = [scores(motion, self.truth) for motion in self.motions]
        return {
            f"{HYPOTHESES - 1} drawn ones, in the mean": mean(scored[1:]),
            "of these, the one ranked first": scored[1],
            f"best of {HYPOTHESES} (knowing the truth)": best(scored),
        }

    def calibration(self) -> Calibration:
        """How the spread of joints foretells the error of the mean hypothesis."""
        joints, truth = poses(self.motions), poses(self.truth)
        errors = []
        for clip, true in zip(joints.unbind(1), truth, strict=True):
            mean = face_alike(clip, clip[:1]).mean(0, keepdim=True)
            errors.append((face_alike(mean, true[None])[0] - true).norm(dim=-1))
        return calibration(torch.stack(errors)[..., 1:], self.spread[..., 1:])


def poses(features: Tensor) -> Tensor:
    """Joints around the pelvis, [..., 24, 3] metres."""
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, torch.zeros_like(motion.root))


def imagine(pipe: ViMoPipeline, seen: TestSet, **options: object) -> Tensor:
    """Features of one hypothesis of every clip, [N, T, 151]."""
    return torch.cat([run(pipe, clip, **options).motions for clip in seen.seen])


def run(pipe: ViMoPipeline, clip: Keypoints, **options: object) -> ViMoPipelineOutput:
    """The pipeline on one clip, always from the same noise."""
    return pipe(keypoints=clip, generator=Generator().manual_seed(0), output_type="pt", **options)


def guided_row(folder: Path) -> Callable[..., Scores]:
    """A model in the pipeline; folder: of its parts, as training writes them."""
    parts = {"transformer": ViMoTransformer, "scheduler": PTSSScheduler, "normaliser": MotionNormaliser}
    loaded = {name: kind.from_pretrained(folder / name) for name, kind in parts.items()}
    pipe = ViMoPipeline(**loaded)
    pipe.transformer.eval()
    pipe.set_progress_bar_config(disable=True)
    return lambda seen, **options: scores(imagine(pipe, seen, **options), seen.truth)


def trained_row(run: Path) -> Row:
    """A model of `benchmarks/ablations.py`, sampled without guidance or anything that mends its motions."""
    model = ViMoTransformer.from_pretrained(run / "final" / "transformer").eval()
    scheduler = PTSSScheduler.from_pretrained(run / "final" / "scheduler")
    normaliser = MotionNormaliser.from_pretrained(run / "final" / "normaliser")
    regression = json.loads((run / "config.json").read_text(encoding="utf-8"))["prediction"] == "regression"
    steps = 1 if regression else 10
    return lambda seen: scores(sample(model, scheduler, normaliser, seen.batch, steps=steps), seen.truth)

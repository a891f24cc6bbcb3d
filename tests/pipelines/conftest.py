"""A pipeline with a tiny untrained model, and keypoints of a body that moves."""

import numpy as np
import pytest
import torch

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.schedulers import PTSSScheduler

TINY = {"hidden_size": 32, "num_heads": 2, "num_layers": 1, "num_encoder_layers": 1, "max_frames": 24}


def tiny_pipeline(**options: int) -> ViMoPipeline:
    torch.manual_seed(0)
    transformer = ViMoTransformer(**TINY | options).eval()
    pipe = ViMoPipeline(transformer, PTSSScheduler(), MotionNormaliser(), overlap=6)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def tamed(pipe: ViMoPipeline) -> ViMoPipeline:
    """What it imagines is no longer anything at all: joints stay within a quarter turn of the rest pose."""
    rest = MotionFeatures(torch.eye(3).expand(24, 3, 3), torch.zeros(4), torch.tensor([0, 0.95, 0])).pack()
    pipe.normaliser.mean.copy_(rest)
    pipe.normaliser.std.fill_(0.1)
    return pipe


def tiny_interpolator(*, taught: bool = True, max_frames: int = 24) -> DeltaInterpolator:
    torch.manual_seed(0)
    model = DeltaInterpolator(hidden_size=32, num_heads=2, num_layers=1, max_frames=max_frames).eval()
    if taught:
        torch.nn.init.normal_(model.delta_out.weight, std=0.02)
    return model


@pytest.fixture
def pipe() -> ViMoPipeline:
    return tiny_pipeline()


def keypoints_of(frames: int, *, fps: float = 30.0, seed: int = 0) -> Keypoints:
    generator = np.random.default_rng(seed)
    rest = generator.uniform(100, 400, (1, 17, 2))
    swing = 30 * np.sin(np.arange(frames) / 5)[:, None, None] * generator.normal(size=(1, 17, 2))
    points = np.concatenate([rest + swing, np.full((frames, 17, 1), 0.9)], -1)
    return Keypoints(points.astype(np.float32), fps, 640, 480)

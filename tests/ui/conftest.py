"""A small untrained pipeline: everything but the quality of its motions is real."""

import pytest
import torch

from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.pipelines.vimo import ViMoPipeline
from vimo_pipeline.schedulers import PTSSScheduler


@pytest.fixture(scope="session")
def untrained_pipe():
    torch.manual_seed(0)
    transformer = ViMoTransformer(hidden_size=32, num_heads=2, num_layers=1, num_encoder_layers=1).eval()
    pipe = ViMoPipeline(transformer, PTSSScheduler(), MotionNormaliser())
    pipe.set_progress_bar_config(disable=True)
    return pipe

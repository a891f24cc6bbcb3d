"""A small untrained pipeline, of which everything but the quality of its motions is real, and its page."""

import pytest
import torch

from vimo_pipeline.export import save_motion
from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.pipelines.vimo import ViMoPipeline
from vimo_pipeline.schedulers import PTSSScheduler

from .served import served


@pytest.fixture(scope="session")
def untrained_pipe():
    torch.manual_seed(0)
    transformer = ViMoTransformer(hidden_size=32, num_heads=2, num_layers=1, num_encoder_layers=1).eval()
    pipe = ViMoPipeline(transformer, PTSSScheduler(), MotionNormaliser())
    pipe.set_progress_bar_config(disable=True)
    return pipe


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Where gradio keeps what it serves, for one test."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def wave(tmp_path):
    """A motion file of 24 frames."""
    return wave_of(24, tmp_path / "wave.bvh")


@pytest.fixture
def long_wave(tmp_path):
    """A motion file of 60 frames."""
    return wave_of(60, tmp_path / "wave.bvh")


def wave_of(frames, path):
    from vimo_pipeline.ui.tabs.greeting import greeting

    save_motion(greeting().frames(0, frames), path)
    return str(path)


@pytest.fixture(scope="module")
def address(untrained_pipe, tmp_path_factory):
    """Where the page is; what it caches is its own, else clips of a batch are kept for later tests."""
    from vimo_pipeline.ui.app import build_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("cache")))
        with served(build_app(untrained_pipe)) as address:
            yield address

"""The mean of several models."""

import sys
from pathlib import Path

import pytest
import torch

from vimo_pipeline.models import ViMoTransformer

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from average_weights import Average, average


def saved(folder: Path, *, seed: int, hidden_size: int = 16) -> Path:
    torch.manual_seed(seed)
    model = ViMoTransformer(
        hidden_size=hidden_size, num_heads=2, num_layers=1, num_encoder_layers=1, max_frames=8
    )
    model.save_pretrained(folder / "transformer")
    (folder / "beside.txt").write_text("comes along", encoding="utf-8")
    return folder


def test_it_is_the_mean_and_takes_the_rest_of_the_first_along(tmp_path):
    folders = tuple(saved(tmp_path / str(seed), seed=seed) for seed in range(3))
    average(Average(folders, tmp_path / "mean"))
    models = [ViMoTransformer.from_pretrained(folder / "transformer").state_dict() for folder in folders]
    for name, weights in (
        ViMoTransformer.from_pretrained(tmp_path / "mean" / "transformer").state_dict().items()
    ):
        torch.testing.assert_close(weights, sum(model[name] for model in models) / 3)
    assert (tmp_path / "mean" / "beside.txt").is_file()


def test_models_of_different_sizes_have_no_mean(tmp_path):
    folders = (saved(tmp_path / "a", seed=0), saved(tmp_path / "b", seed=0, hidden_size=32))
    with pytest.raises(ValueError, match="different sizes"):
        average(Average(folders, tmp_path / "mean"))
    assert not (tmp_path / "mean").exists()


def test_one_model_has_no_mean(tmp_path):
    with pytest.raises(ValueError, match="at least two models, got 1"):
        average(Average((tmp_path,), tmp_path / "mean"))

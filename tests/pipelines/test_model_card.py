"""What the README.md beside a saved pipeline says."""

import re
from pathlib import Path

import pytest
import torch
from huggingface_hub import ModelCard

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines import model_card
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS

from .conftest import tiny_pipeline


def test_a_saved_pipeline_has_a_card(pipe, tmp_path):
    pipe.save_pretrained(tmp_path / "dancer")
    card = ModelCard.load(tmp_path / "dancer/README.md")
    assert card.data.library_name == "diffusers" and card.data.pipeline_tag == "image-to-3d"
    assert card.data.tags == ["motion-capture", "video-to-motion", "smpl", "human-motion", "diffusion"]
    assert card.text.strip().startswith("# dancer")


def test_the_licence_of_somebodys_weights_is_left_to_them(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    assert ModelCard.load(tmp_path / "README.md").data.license is None


def test_the_example_in_the_card_is_python(pipe):
    example = re.search("```python\n(.*?)```", model_card.model_card(pipe, "me/vimo"), re.DOTALL)[1]
    compile(example, "README.md", "exec")
    assert 'from_pretrained("me/vimo")' in example


def test_a_card_that_is_there_stays(pipe, tmp_path):
    (tmp_path / "README.md").write_text("written by hand")
    pipe.save_pretrained(tmp_path)
    assert (tmp_path / "README.md").read_text() == "written by hand"


@pytest.fixture
def bundled(monkeypatch, tmp_path):
    """A folder with half-precision weights and a card, in the place of the one in the package."""
    tiny_pipeline().to(torch.float16).save_pretrained(tmp_path / "base")
    (tmp_path / "base/README.md").write_text("how these weights were made")
    monkeypatch.setattr(model_card, "BUNDLED_WEIGHTS", tmp_path / "base")
    return tmp_path / "base"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_the_bundled_weights_take_their_card_along(bundled, dtype):
    pipe = ViMoPipeline.from_pretrained(bundled, dtype=dtype)
    assert model_card.model_card(pipe, "copy") == "how these weights were made"


def test_weights_that_were_trained_further_do_not_inherit_the_card(bundled):
    pipe = ViMoPipeline.from_pretrained(bundled)
    torch.nn.init.zeros_(pipe.transformer.motion_out.bias)
    assert "Training data, results, licence" in model_card.model_card(pipe, "mine")


def test_a_model_of_another_size_does_not_inherit_the_card(bundled):
    pipe = tiny_pipeline()
    pipe.transformer = type(pipe.transformer)(hidden_size=16, num_heads=2, max_frames=24)
    assert "Training data, results, licence" in model_card.model_card(pipe, "mine")


def test_the_bundled_card_is_the_documented_one():
    documented = (Path(__file__).parents[2] / "docs" / "MODEL_CARD.md").read_text()
    assert (BUNDLED_WEIGHTS / "README.md").read_text() == documented

"""What the README.md beside a saved pipeline says."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from diffusers import DiffusionPipeline
from huggingface_hub import ModelCard

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.cards import model_card
from vimo_pipeline.pipelines.cards.results import OF_PIXELS, CardTable, Measured, read_results
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS

from ..conftest import tiny_pipeline
from .test_training_facts import FACTS

DOCS = Path(__file__).parents[3] / "docs"
DIGITS = dict.fromkeys(OF_PIXELS[0], 1)


def test_a_saved_pipeline_has_a_card(pipe, tmp_path):
    pipe.save_pretrained(tmp_path / "dancer")
    card = ModelCard.load(tmp_path / "dancer/README.md")
    assert card.data.library_name == "diffusers" and card.data.pipeline_tag == "image-to-3d"
    assert card.data.tags == ["motion-capture", "video-to-motion", "smpl", "human-motion", "diffusion"]
    assert card.text.strip().startswith("# dancer")


def test_the_licence_of_somebodys_weights_is_left_to_them(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    assert ModelCard.load(tmp_path / "README.md").data.license is None


def test_the_example_in_the_card_is_python(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    example = re.search("```python\n(.*?)```", model_card.model_card(tmp_path, "me/vimo"), re.DOTALL)[1]
    compile(example, "README.md", "exec")
    assert 'from_pretrained("me/vimo")' in example


def test_the_card_counts_the_weights(pipe, tmp_path):
    pipe.to(torch.float16).save_pretrained(tmp_path, max_shard_size="20KB")
    pipe.to(torch.float32).save_pretrained(tmp_path, variant="other", max_shard_size="20KB")
    count = sum(weight.numel() for weight in pipe.transformer.parameters())
    shown = model_card.weights_in_words(tmp_path / "transformer")
    assert shown.startswith(f"{count:,} parameters in half precision, ") and count < 1e5


def test_facts_and_figures_of_the_maker_stand_in_the_card(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    (tmp_path / "training.json").write_text(json.dumps(asdict(FACTS)))
    (tmp_path / model_card.PICTURE).touch()
    tables = [
        CardTable(*OF_PIXELS, [Measured("a film", dict.fromkeys(OF_PIXELS[0], (7, 7, 7)), DIGITS, (9, 9, 9))])
    ]
    (tmp_path / "README.md").write_text(model_card.model_card(tmp_path, "me/dancer", results=tables))
    card = ModelCard.load(tmp_path / "README.md")
    assert card.data.license == "mit" and card.data.eval_results[0].metric_value == 7
    assert "# Dancer" in card.text and FACTS.markdown() in card.text and tables[0].markdown() in card.text
    assert f"]({model_card.PICTURE})" in card.text and "Not stated yet" not in card.text


def test_a_card_that_is_there_stays(pipe, tmp_path):
    (tmp_path / "README.md").write_text("written by hand")
    pipe.save_pretrained(tmp_path)
    assert (tmp_path / "README.md").read_text() == "written by hand"


@pytest.fixture
def card_of(tmp_path):
    """The card that a pipeline gets when it is saved."""

    def card_of(pipe: ViMoPipeline, name: str) -> str:
        folder = tmp_path / "saved"
        DiffusionPipeline.save_pretrained(pipe, folder)
        assert model_card.write_model_card(pipe, folder, name=name)
        return (folder / "README.md").read_text()

    return card_of


@pytest.fixture
def bundled(monkeypatch, tmp_path):
    """A folder with half-precision weights and a card, in the place of the one in the package."""
    tiny_pipeline().to(torch.float16).save_pretrained(tmp_path / "base")
    (tmp_path / "base/README.md").write_text("how: pipe.from_pretrained()  # bundled\n")
    monkeypatch.setattr(model_card, "BUNDLED_WEIGHTS", tmp_path / "base")
    return tmp_path / "base"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_the_bundled_weights_take_their_card_along(bundled, card_of, dtype):
    pipe = ViMoPipeline.from_pretrained(bundled, dtype=dtype)
    assert card_of(pipe, "me/copy") == 'how: pipe.from_pretrained("me/copy")\n'


def test_weights_that_were_trained_further_do_not_inherit_the_card(bundled, card_of):
    pipe = ViMoPipeline.from_pretrained(bundled)
    torch.nn.init.zeros_(pipe.transformer.motion_out.bias)
    assert "Not stated yet" in card_of(pipe, "mine")


def test_a_model_of_another_size_does_not_inherit_the_card(bundled, card_of):
    pipe = tiny_pipeline()
    pipe.transformer = type(pipe.transformer)(hidden_size=16, num_heads=2, max_frames=24)
    assert "Not stated yet" in card_of(pipe, "mine")


def test_the_picture_of_the_bundled_weights_comes_along(bundled, card_of, tmp_path):
    (bundled / model_card.PICTURE).write_bytes(b"picture")
    card_of(ViMoPipeline.from_pretrained(bundled), "copy")
    assert (tmp_path / "saved" / model_card.PICTURE).read_bytes() == b"picture"


def test_the_bundled_card_is_made_from_what_was_measured():
    made = model_card.model_card(BUNDLED_WEIGHTS, results=read_results(DOCS / "results.json"))
    for written in (BUNDLED_WEIGHTS / "README.md", DOCS / "MODEL_CARD.md"):
        assert written.read_text() == made, "python scripts/make_model_card.py"
    pictures = {(folder / model_card.PICTURE).read_bytes() for folder in (BUNDLED_WEIGHTS, DOCS)}
    assert len(pictures) == 1


def test_what_the_card_of_the_bundled_weights_has_to_say():
    card = ModelCard.load(BUNDLED_WEIGHTS / "README.md")
    assert card.data.license == "apache-2.0" and len(card.data.eval_results) > 5
    for said in (
        "PA-MPJPE",
        "CMU",
        "## Intended use",
        "## Limits",
        "## Licence",
        "no resale",
        model_card.PICTURE,
    ):
        assert said in card.text


def test_shims_are_mentioned_where_there_are_some(pipe, card_of):
    card = model_card.with_remote_code(card_of(pipe, "me/vimo"), "me/vimo")
    assert 'revision="remote-code", custom_pipeline="pipeline"' in card
    assert card.index("custom_pipeline") < card.index("## Training")

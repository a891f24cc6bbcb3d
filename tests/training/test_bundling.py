"""From what a run leaves to a folder that loads, and that says in its card how it was made."""

import json
import runpy
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.training import train

SCRIPT = Path(__file__).parents[2] / "scripts" / "bundle_weights.py"


@pytest.fixture(scope="module")
def finished(tiny_config) -> Path:
    return train(tiny_config("bundled"))


@pytest.fixture(scope="module")
def bundle():
    names = runpy.run_path(str(SCRIPT))
    return lambda components, out: names["bundle"](names["Bundle"](components, out))


def test_a_bundle_is_half_as_large_and_loads(finished, bundle, tmp_path):
    bundle(finished, tmp_path / "model")
    halved = load_file(tmp_path / "model/transformer/diffusion_pytorch_model.safetensors")
    whole = load_file(finished / "transformer/diffusion_pytorch_model.safetensors")
    assert all(torch.equal(halved[name], whole[name].half()) for name in whole)
    assert ViMoPipeline.from_pretrained(tmp_path / "model").transformer.config.max_frames == 12


def test_a_run_changes_only_what_it_trained(finished, bundle, tiny_config, tmp_path):
    bundle(finished, tmp_path / "model")
    before = ViMoPipeline.from_pretrained(tmp_path / "model")
    delta = train(tiny_config("bridges", prediction="interpolation", start_from=tmp_path / "model"))
    bundle(delta, tmp_path / "model")
    after = ViMoPipeline.from_pretrained(tmp_path / "model")
    assert before.interpolator is None and after.interpolator.config.max_frames == 12
    same = after.transformer.state_dict()
    assert all(torch.equal(value, same[name]) for name, value in before.transformer.state_dict().items())
    runs = json.loads((tmp_path / "model/training.json").read_text())["runs"]
    assert len(runs) == 2 and "--prediction interpolation" in runs[1]["command"]


def test_configs_do_not_tell_where_the_run_lay(finished, bundle, tmp_path):
    bundle(finished, tmp_path / "model")
    told = [path.read_text() for path in (tmp_path / "model").rglob("*") if path.suffix in (".json", ".md")]
    assert not [text for text in told if str(finished.parent) in text]


@pytest.mark.parametrize(
    ("part", "steps"),
    [
        ("final", "4, the last 1 with falling learning rate"),
        ("checkpoint-2/components", "2 at full learning rate"),
    ],
)
def test_the_run_stands_in_its_facts_and_its_card(finished, bundle, tmp_path, part, steps):
    bundle(finished.parent / part, tmp_path / "model")
    facts = json.loads((tmp_path / "model/training.json").read_text())
    assert [run["steps"] for run in facts["runs"]] == [steps] and facts["data"][0]["clips"] == 1
    card = (tmp_path / "model/README.md").read_text()
    assert facts["runs"][0]["command"] in card and "cmu (1 clip," in card and "half precision" in card

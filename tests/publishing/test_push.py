"""Pushed, a pipeline loads by every way that is promised: the real client against a stand-in of the Hub."""

import json
from dataclasses import asdict

import pytest
import torch
from diffusers import DiffusionPipeline
from diffusers.utils import dynamic_modules_utils
from huggingface_hub import ModelCard

from vimo_pipeline import ViMoCompletionPipeline, ViMoPipeline
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.publishing import prepare, publish

from ..pipelines.cards.test_training_facts import FACTS
from ..pipelines.conftest import keypoints_of


def imagine(pipe: ViMoPipeline) -> torch.Tensor:
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(0)
    options = {"num_inference_steps": 1, "output_type": "pt", "generator": generator}
    return pipe(keypoints=keypoints_of(20), **options).motions


@pytest.fixture
def pushed(hub, model, tmp_path):
    """A model on the Hub under me/vimo, as the pipeline that was pushed."""
    publish(prepare(tmp_path / "pushed", "me/vimo", model=model))
    return ViMoPipeline.from_pretrained(model)


@pytest.fixture
def modules(monkeypatch, tmp_path):
    """Where diffusers keeps code of repositories; what it imported is forgotten at the end."""
    monkeypatch.setattr(dynamic_modules_utils, "HF_MODULES_CACHE", str(tmp_path / "modules"))
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    return tmp_path / "modules"


def test_our_class_loads_it_without_flags(hub, pushed):
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pushed))
    assert type(ViMoCompletionPipeline.from_pretrained("me/vimo")) is ViMoCompletionPipeline
    assert not [path for path in hub.files("me/vimo") if path.endswith(".py")]


@pytest.mark.parametrize("custom", [("pipeline", ViMoPipeline), ("completion", ViMoCompletionPipeline)])
def test_diffusers_alone_loads_it_through_shims_on_their_branch(hub, pushed, modules, custom):
    name, meant = custom
    options = {"revision": "remote-code", "custom_pipeline": name, "trust_remote_code": True}
    loaded = DiffusionPipeline.from_pretrained("me/vimo", **options)
    assert type(loaded) is meant
    theirs, ours = loaded.transformer.state_dict(), pushed.transformer.state_dict()
    assert all(torch.equal(theirs[name], ours[name]) for name in ours)
    if meant is ViMoPipeline:
        assert torch.equal(imagine(loaded), imagine(pushed))


def test_after_the_shims_our_class_still_needs_no_flag(hub, pushed, modules):
    options = {"revision": "remote-code", "custom_pipeline": "pipeline", "trust_remote_code": True}
    DiffusionPipeline.from_pretrained("me/vimo", **options)
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pushed))


def test_without_the_flag_diffusers_runs_nothing(hub, pushed, modules):
    with pytest.raises(ValueError, match="trust_remote_code"):
        DiffusionPipeline.from_pretrained("me/vimo", revision="remote-code", custom_pipeline="pipeline")
    assert not modules.exists()


def test_half_precision_is_half_the_download(hub, pushed):
    ViMoPipeline.from_pretrained("me/vimo", variant="fp16")
    files = hub.files("me/vimo")
    half, whole = (f"transformer/diffusion_pytorch_model{part}.safetensors" for part in (".fp16", ""))
    assert len(files[half]) < 0.6 * len(files[whole])
    assert half in hub.fetched and whole not in hub.fetched


def test_a_second_push_sends_only_what_changed(hub, pushed, model, tmp_path):
    before = {branch: hub.commit_of("me/vimo", branch) for branch in ("main", "remote-code")}
    publish(prepare(tmp_path / "again", "me/vimo", model=model))
    assert {branch: hub.commit_of("me/vimo", branch) for branch in before} == before


def test_the_branch_follows_the_model(hub, pushed, modules, tmp_path):
    torch.nn.init.zeros_(pushed.transformer.motion_out.weight)
    pushed.save_pretrained(tmp_path / "newer")
    publish(prepare(tmp_path / "again", "me/vimo", model=tmp_path / "newer"))
    for revision in ("main", "remote-code"):
        loaded = ViMoPipeline.from_pretrained("me/vimo", revision=revision)
        assert torch.equal(imagine(loaded), imagine(pushed))


def test_configs_do_not_tell_where_the_model_lay(model, tmp_path):
    ViMoPipeline.from_pretrained(model).save_pretrained(tmp_path / "copy")
    prepare(tmp_path / "pushed", "me/vimo", model=tmp_path / "copy")
    for config in (tmp_path / "pushed").rglob("*.json"):
        assert str(tmp_path) not in config.read_text()


def test_the_card_is_made_anew_of_what_lies_beside_the_weights(hub, model, tmp_path):
    (model / "training.json").write_text(json.dumps(asdict(FACTS)))
    publish(prepare(tmp_path / "pushed", "me/vimo", model=model))
    card = ModelCard.load("me/vimo")
    assert card.data.license == "mit" and FACTS.markdown().strip() in card.text
    assert 'revision="remote-code"' in card.text and 'ViMoPipeline.from_pretrained("me/vimo")' in card.text


def test_a_card_that_somebody_wrote_goes_up_as_it_is(hub, model, tmp_path):
    (model / "README.md").write_text("---\nlicense: mit\n---\n# Mine")
    publish(prepare(tmp_path / "pushed", "me/vimo", model=model))
    assert hub.files("me/vimo")["README.md"].endswith(b"# Mine")


def test_a_card_that_somebody_edited_on_the_hub_stays(hub, pushed, model, tmp_path):
    hub.edit("me/vimo", README__md=b"written by hand")
    (model / "training.json").write_text(json.dumps(asdict(FACTS)))
    publish(prepare(tmp_path / "again", "me/vimo", model=model))
    assert hub.files("me/vimo")["README.md"] == b"written by hand"


def test_a_generated_card_on_the_hub_is_brought_up_to_date(hub, pushed, model, tmp_path):
    (model / "training.json").write_text(json.dumps(asdict(FACTS)))
    publish(prepare(tmp_path / "again", "me/vimo", model=model))
    assert b"# Dancer" in hub.files("me/vimo")["README.md"]


def test_the_picture_shows_what_the_model_makes_of_a_film(model, tmp_path):
    pytest.importorskip("cv2")
    keypoints_of(20).save(tmp_path / "walk.npz")
    written = prepare(tmp_path / "pushed", "me/vimo", model=model, film=tmp_path / "walk.npz")
    assert (written.model / "model_card.jpg").stat().st_size > 1_000
    assert "(model_card.jpg)" in (written.model / "README.md").read_text()


@pytest.mark.skipif(not BUNDLED_WEIGHTS.is_dir(), reason="the bundled weights are not here")
def test_the_bundled_weights_keep_their_figures_under_another_name(tmp_path):
    card = (prepare(tmp_path, "me/copy").model / "README.md").read_text()
    bundled = ModelCard.load(BUNDLED_WEIGHTS / "README.md")
    copied = ModelCard(card)
    assert copied.data.eval_results == bundled.data.eval_results and copied.data.license == "apache-2.0"
    assert 'ViMoPipeline.from_pretrained("me/copy")' in card and "from_pretrained()" not in card
    assert (tmp_path / "model/model_card.jpg").is_file()


def test_a_model_of_the_hub_can_be_pushed_under_another_name(hub, pushed, tmp_path):
    publish(prepare(tmp_path / "other", "you/vimo", model="me/vimo"))
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("you/vimo")), imagine(pushed))
    assert b"me/vimo" not in hub.files("you/vimo")["README.md"]


@pytest.mark.parametrize("name", ["vimo", "me/vi mo", "a/b/c", "/x"])
def test_a_name_that_the_hub_refuses_is_refused_at_once(model, tmp_path, name):
    with pytest.raises(ValueError, match=r"owner/name|Repo id"):
        prepare(tmp_path / "pushed", name, model=model)
    assert not (tmp_path / "pushed").exists()


def test_no_hub_is_said_in_a_sentence(hub, model, tmp_path, monkeypatch):
    written = prepare(tmp_path / "pushed", "me/vimo", model=model)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConnectionError, match=r"me/vimo could not be uploaded: .*hf auth login"):
        publish(written)

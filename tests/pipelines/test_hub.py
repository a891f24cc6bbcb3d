"""To the Hub and back, with the real client against a stand-in on this machine."""

import pytest
import torch
from huggingface_hub import ModelCard, constants

from vimo_pipeline import ViMoPipeline

from .conftest import keypoints_of, tiny_pipeline
from .hub_stand_in import HubStandIn, believe_in


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """An empty Hub, which the client believes to be the real one."""
    with HubStandIn().serving() as stand_in:
        believe_in(stand_in, monkeypatch, tmp_path / "cache")
        yield stand_in


def imagine(pipe: ViMoPipeline) -> torch.Tensor:
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(0)
    options = {"num_inference_steps": 2, "output_type": "pt", "generator": generator}
    return pipe(keypoints=keypoints_of(30), **options).motions


def test_pushed_and_loaded_it_gives_the_same_motion(hub, pipe):
    pipe.push_to_hub("me/vimo")
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))


def test_what_arrives_is_safetensors_configs_and_a_card(hub, pipe):
    address = pipe.push_to_hub("me/vimo", commit_message="A first try", private=True)
    assert address.startswith(f"{hub.url}/me/vimo/commit/")
    assert sorted(hub.files("me/vimo")) == [
        "README.md",
        "model_index.json",
        "normaliser/config.json",
        "normaliser/diffusion_pytorch_model.safetensors",
        "scheduler/scheduler_config.json",
        "transformer/config.json",
        "transformer/diffusion_pytorch_model.safetensors",
    ]


def test_saving_may_push_as_well(hub, pipe, tmp_path):
    pipe.save_pretrained(tmp_path / "vimo", push_to_hub=True)
    assert "model_index.json" in hub.files("me/vimo")
    card = (tmp_path / "vimo/README.md").read_bytes()
    assert hub.files("me/vimo")["README.md"] == card and b'from_pretrained("me/vimo")' in card


@pytest.mark.parametrize("cached_by", ["local_files_only", "offline"])
def test_the_second_time_it_comes_from_the_cache(hub, pipe, monkeypatch, cached_by):
    pipe.push_to_hub("me/vimo")
    ViMoPipeline.from_pretrained("me/vimo")
    hub.repositories.clear()
    hub.fetched.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", cached_by == "offline")
    options = {"local_files_only": True} if cached_by == "local_files_only" else {}
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo", **options)), imagine(pipe))
    assert not hub.fetched


def test_a_repository_that_is_not_there(hub):
    with pytest.raises(FileNotFoundError, match="Repository Not Found"):
        ViMoPipeline.from_pretrained("me/nothing")


def test_a_download_that_breaks_off_says_so_and_can_be_taken_up_again(hub, pipe, monkeypatch):
    pipe.push_to_hub("me/vimo")
    monkeypatch.setattr("time.sleep", lambda _: None)  # the client tries five times
    hub.breaks_off_in = "transformer/diffusion_pytorch_model.safetensors"
    with pytest.raises(FileNotFoundError, match="could not be had from the Hugging Face Hub: peer closed"):
        ViMoPipeline.from_pretrained("me/vimo")
    hub.breaks_off_in = None
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))


def test_code_in_a_repository_stays_there(hub, pipe):
    pipe.push_to_hub("me/vimo")
    code = ("pipeline.py", "transformer/vimo_pipeline.models.transformer.py")
    hub.files("me/vimo").update(dict.fromkeys(code, b"raise SystemExit('run')"))
    ViMoPipeline.from_pretrained("me/vimo")
    assert "model_index.json" in hub.fetched and not set(code) & set(hub.fetched)


def test_the_card_on_the_hub_is_ours_and_says_how_to_load(hub, pipe):
    pipe.push_to_hub("me/vimo")
    card = ModelCard.load("me/vimo")
    assert card.data.library_name == "diffusers" and "video-to-motion" in card.data.tags
    assert 'ViMoPipeline.from_pretrained("me/vimo")' in card.text


def test_a_card_edited_on_the_hub_outlives_the_next_push(hub, pipe):
    pipe.push_to_hub("me/vimo")
    hub.files("me/vimo")["README.md"] = b"written by hand"
    other = tiny_pipeline()
    torch.nn.init.zeros_(other.transformer.motion_out.weight)
    before = hub.commit_of("me/vimo")
    other.push_to_hub("me/vimo")
    assert hub.files("me/vimo")["README.md"] == b"written by hand"
    assert hub.commit_of("me/vimo") != before


def test_a_card_in_the_folder_is_the_one_that_is_pushed(hub, pipe, tmp_path):
    pipe.push_to_hub("me/vimo")
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n# Mine")
    pipe.save_pretrained(tmp_path, push_to_hub=True, repo_id="me/vimo")
    assert hub.files("me/vimo")["README.md"].endswith(b"# Mine")

"""To the Hub and back, with the real client against a stand-in on this machine."""

import pytest
import torch
from huggingface_hub import ModelCard, constants

from vimo_pipeline import ViMoPipeline

from .conftest import keypoints_of, tiny_interpolator, tiny_pipeline
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


@pytest.mark.parametrize("variant", [None, "fp16"])
def test_an_interpolator_goes_there_and_comes_back(hub, pipe, variant):
    pipe.register_modules(interpolator=tiny_interpolator())
    pipe.push_to_hub("me/vimo", variant=variant)
    loaded = ViMoPipeline.from_pretrained("me/vimo", variant=variant).interpolator.state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in pipe.interpolator.state_dict().items())
    assert b"a delta-interpolator of " in hub.files("me/vimo")["README.md"]


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


@pytest.fixture
def broken_off(hub, pipe, monkeypatch):
    """A first download whose line broke in the middle of the weights, again and again."""
    pipe.push_to_hub("me/vimo")
    monkeypatch.setattr("time.sleep", lambda _: None)  # the client tries five times
    hub.breaks_off_in = "transformer/diffusion_pytorch_model.safetensors"
    with pytest.raises(FileNotFoundError, match="could not be had from the Hugging Face Hub: peer closed"):
        ViMoPipeline.from_pretrained("me/vimo")
    hub.breaks_off_in = None
    hub.fetched.clear()


def test_after_a_download_that_broke_off_only_what_is_missing_is_fetched(hub, pipe, broken_off):
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))
    assert hub.fetched == ["transformer/diffusion_pytorch_model.safetensors"]


def test_a_line_that_breaks_for_a_moment_is_taken_up_where_it_broke(hub, pipe, monkeypatch):
    pipe.push_to_hub("me/vimo")
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1 << 10)
    hub.breaks_off_in, hub.breaks_left = "transformer/diffusion_pytorch_model.safetensors", 2
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))
    tries = [asked for asked, path in zip(hub.ranges, hub.fetched, strict=True) if path == hub.breaks_off_in]
    starts = [int(asked[len("bytes=") : -1] or 0) for asked in tries]
    assert len(starts) == 3 and 0 == starts[0] < starts[1] < starts[2]


def test_half_a_download_is_not_loaded_offline(hub, broken_off, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(FileNotFoundError, match="incomplete"):
        ViMoPipeline.from_pretrained("me/vimo")


def test_a_repository_without_one_of_the_files(hub, pipe):
    pipe.push_to_hub("me/vimo")
    del hub.files("me/vimo")["scheduler/scheduler_config.json"]
    with pytest.raises(FileNotFoundError, match="scheduler_config"):
        ViMoPipeline.from_pretrained("me/vimo")


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


def other_pipeline() -> ViMoPipeline:
    """Like the pipeline of the fixture, with weights that imagine something else."""
    pipe = tiny_pipeline()
    torch.nn.init.zeros_(pipe.transformer.motion_out.weight)
    return pipe


def test_each_revision_is_what_it_was(hub, pipe):
    first = pipe.push_to_hub("me/vimo").rpartition("/")[2]
    hub.branch("me/vimo", "first")
    other_pipeline().push_to_hub("me/vimo")
    for revision, meant in (
        (first, pipe),
        ("first", pipe),
        ("main", other_pipeline()),
        (None, other_pipeline()),
    ):
        loaded = ViMoPipeline.from_pretrained("me/vimo", revision=revision)
        assert torch.equal(imagine(loaded), imagine(meant)), revision


def test_a_revision_that_is_not_there(hub, pipe):
    pipe.push_to_hub("me/vimo")
    with pytest.raises(FileNotFoundError, match="Revision Not Found"):
        ViMoPipeline.from_pretrained("me/vimo", revision="nightly")


def test_a_new_revision_is_noticed_online_and_the_old_one_kept_offline(hub, pipe, monkeypatch):
    pipe.push_to_hub("me/vimo")
    ViMoPipeline.from_pretrained("me/vimo")
    other_pipeline().push_to_hub("me/vimo")
    with monkeypatch.context() as offline:
        offline.setattr(constants, "HF_HUB_OFFLINE", True)
        assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(other_pipeline()))


def test_a_variant_comes_alone(hub, pipe):
    pipe.push_to_hub("me/vimo")
    half = tiny_pipeline()
    half.transformer.half()
    half.push_to_hub("me/vimo", variant="fp16")
    loaded = ViMoPipeline.from_pretrained("me/vimo", variant="fp16")
    assert "transformer/diffusion_pytorch_model.fp16.safetensors" in hub.fetched
    assert "transformer/diffusion_pytorch_model.safetensors" not in hub.fetched
    rounded = {name: weight.half().float() for name, weight in pipe.transformer.state_dict().items()}
    theirs = loaded.transformer.state_dict()
    assert all(torch.equal(theirs[name].float(), rounded[name]) for name in rounded)
    hub.fetched.clear()
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))
    assert not [path for path in hub.fetched if "fp16" in path]


@pytest.mark.parametrize(
    ("variant", "message"), [("fp16", "no weights of variant 'fp16'"), ("../x", "a word")]
)
def test_a_variant_that_is_not_there(hub, pipe, variant, message):
    pipe.push_to_hub("me/vimo")
    with pytest.raises((FileNotFoundError, ValueError), match=message):
        ViMoPipeline.from_pretrained("me/vimo", variant=variant)


@pytest.mark.parametrize("variant", [None, "fp16"])
def test_shards_go_there_and_come_back(hub, pipe, variant):
    pipe.push_to_hub("me/vimo", max_shard_size="100KB", variant=variant)
    shards = [path for path in hub.files("me/vimo") if "-of-" in path]
    assert len(shards) > 1
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo", variant=variant)), imagine(pipe))
    assert set(shards) <= set(hub.fetched)


def test_shards_of_an_older_commit_are_not_taken_for_the_new_weights(hub, pipe):
    other_pipeline().push_to_hub("me/vimo", max_shard_size="100KB")
    other_pipeline().push_to_hub("me/vimo", max_shard_size="100KB", variant="fp16")
    pipe.push_to_hub("me/vimo")
    left = {path for path in hub.files("me/vimo") if "-of-" in path or "index" in path}
    assert all("fp16" in path for path in left - {"model_index.json"}) and len(left) > 3
    assert torch.equal(imagine(ViMoPipeline.from_pretrained("me/vimo")), imagine(pipe))


def test_what_did_not_change_is_not_sent_again(hub, pipe):
    before = pipe.push_to_hub("me/vimo")
    assert pipe.push_to_hub("me/vimo") == before

"""One door to training data: packs, prepared folders, Hub ids, and a clear word about anything else."""

import sys

import pytest

from vimo_pipeline.data.clips import Clip, Recording
from vimo_pipeline.data.load import load_clips
from vimo_pipeline.data.prepare import prepare

from .conftest import swinging
from .test_packs import write_pack

datasets = pytest.importorskip("datasets")
datasets.disable_progress_bars()


@pytest.fixture
def prepared(tmp_path):
    clip = Clip("swing", swinging(60, seed=1), "swing", "CC0")
    prepare([Recording("swing", lambda: clip, "swing", "train")], tmp_path / "prepared", source="own")
    return tmp_path / "prepared"


def test_packs_are_read_as_before(tmp_path):
    write_pack(tmp_path)
    assert [clip.name for clip in load_clips(tmp_path, split="train", packs=("own",))] == ["first"]
    assert [clip.name for clip in load_clips(str(tmp_path), split="test", packs=("own",))] == ["second"]
    with pytest.raises(ValueError, match="say which"):
        load_clips(tmp_path, split="train")


def test_a_prepared_folder_says_which_splits_it_has(prepared):
    assert len(load_clips(str(prepared), split="train", packs=("cmu",))) == 1
    with pytest.raises(ValueError, match="no split 'val', only train"):
        load_clips(prepared, split="val")


def test_a_hub_id_goes_to_the_hub(prepared, monkeypatch):
    asked = []

    def load_dataset(path, *, split):
        asked.append((path, split))
        return datasets.load_from_disk(prepared)[split]

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    (clip,) = load_clips("you/dances", split="train")
    assert asked == [("you/dances", "train")] and clip.name == "swing"


def test_what_the_hub_does_not_have_is_said_in_one_sentence():
    with pytest.raises(FileNotFoundError, match=r"no folder nobody/nothing-at-all, and no dataset"):
        load_clips("nobody/nothing-at-all", split="train")


@pytest.mark.parametrize("place", ["nowhere", "a/b/c", "https://example.org/a", "../a"])
def test_what_is_nowhere_is_not_asked_for(place, monkeypatch):
    monkeypatch.setattr(datasets, "load_dataset", None)
    with pytest.raises(FileNotFoundError, match="vimo prepare"):
        load_clips(place, split="train")


def test_other_folders_and_datasets_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"accepted is .*vimo prepare"):
        load_clips(tmp_path, split="train")
    rows = datasets.Dataset.from_dict({"text": ["once"], "name": ["a"]})
    datasets.DatasetDict({"train": rows}).save_to_disk(tmp_path / "stories")
    with pytest.raises(ValueError, match="has no start, frames, category, licence, rotations"):
        load_clips(tmp_path / "stories", split="train")


def test_without_the_library_the_error_names_the_pip_line(prepared, monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ImportError, match=r"pip install 'vimo-pipeline\[train\]'"):
        load_clips(prepared, split="train")

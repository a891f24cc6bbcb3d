"""Prepared datasets: what was cut and written is what is read and joined."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.data import prepare as preparing
from vimo_pipeline.data.clips import Clip, Recording
from vimo_pipeline.data.load import load_clips
from vimo_pipeline.data.prepare import push_to_hub, split_recordings
from vimo_pipeline.data.prepared import join_pieces
from vimo_pipeline.keypoints import Keypoints

from .conftest import swinging

datasets = pytest.importorskip("datasets")
datasets.disable_progress_bars()


prepare = partial(preparing.prepare, val_share=0)  # all that is for training stays there


def clip_of(frames: int, name: str = "swing", *, views: int = 0) -> Clip:
    generator = np.random.default_rng(frames)
    points = generator.uniform(0, 1, (views, frames, 17, 3)).astype(np.float32)
    seen = tuple(Keypoints(view, 30.0, 1920, 1080) for view in points)
    return Clip(name, swinging(frames, seed=frames), "swing", "CC0", seen)


def recording_of(clip: Clip, split: str | None = "train") -> Recording:
    return Recording(clip.name, lambda: clip, group=clip.name, split=split)


def broken(name: str, error: Exception) -> Recording:
    def read() -> Clip:
        raise error

    return Recording(name, read, group=name, split="train")


def assert_same(read: Clip, written: Clip, frames: int) -> None:
    assert (read.name, read.category, read.licence) == (written.name, written.category, written.licence)
    wanted = written.motion.frames(0, frames)
    assert_close(read.motion.joints(), wanted.joints(), atol=2e-4, rtol=0)
    assert_close(read.motion.root, wanted.root, atol=0, rtol=0)
    assert_close(read.motion.contacts, wanted.contacts, atol=0, rtol=0)


@pytest.mark.parametrize("stride", [150, 75, 149])
def test_clips_come_back_whole_whatever_the_stride(tmp_path, stride):
    clips = [clip_of(frames, f"swing {frames}") for frames in (30, 150, 151, 340)]
    done = prepare(
        [recording_of(clip) for clip in clips], tmp_path / "a", source="own", stride=stride, shortest=1
    )
    read = load_clips(tmp_path / "a", split="train")
    assert done.skipped == {} and done.pieces == {
        "train": len(datasets.load_from_disk(tmp_path / "a")["train"])
    }
    assert [len(clip.motion) for clip in read] == [30, 150, 151, 340]
    for ours, written in zip(read, clips, strict=True):
        assert_same(ours, written, len(written.motion))


def test_short_remainders_are_dropped_and_short_recordings_reported(tmp_path):
    recordings = [recording_of(clip_of(320, "long")), recording_of(clip_of(29, "short"))]
    done = prepare(recordings, tmp_path / "a", source="own")
    (read,) = load_clips(tmp_path / "a", split="train")
    assert_same(read, clip_of(320, "long"), 300)
    assert done.pieces == {"train": 2} and done.skipped == {"short": "it has 29 frames at 30 fps"}


def test_a_row_says_what_it_is(tmp_path):
    prepare([recording_of(clip_of(190), "test")], tmp_path / "a", source="amass")
    rows = datasets.load_from_disk(tmp_path / "a")["test"]
    assert rows.features["rotations"].dtype == "int16"
    first, second = rows.with_format("numpy")
    assert first["rotations"].shape == (150, 24, 3)
    assert first["root"].shape == (150, 3) and first["contacts"].shape == (150, 4)
    row = {key: second[key] for key in ("name", "start", "frames", "fps", "source", "split", "licence")}
    assert row == {
        "name": "swing", "start": 150, "frames": 40, "fps": 30, "source": "amass", "split": "test",
        "licence": "CC0",
    }  # fmt: skip
    assert (second["root"][39:] == second["root"][39]).all()


def test_views_go_along(tmp_path):
    clips = [clip_of(200, "seen", views=2), clip_of(170, "unseen")]
    prepare([recording_of(clip) for clip in clips], tmp_path / "a", source="aist", views=2, stride=75)
    seen, unseen = load_clips(tmp_path / "a", split="train", with_views=True)
    for view, wanted in zip(seen.views, clips[0].views, strict=True):
        assert (view.width, view.height, view.fps) == (1920, 1080, 30)
        np.testing.assert_array_equal(view.points, wanted.points)
    assert [len(view) for view in unseen.views] == [170, 170] and not unseen.views[0].confidence.any()
    assert load_clips(tmp_path / "a", split="train")[0].views == ()


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(tmp_path):
    recordings = [
        broken("torn", ValueError("it ends too early")),
        recording_of(clip_of(60)),
        broken("locked", PermissionError("no access")),
    ]
    counted = []
    done = prepare(recordings, tmp_path / "a", source="own", progress=lambda: counted.append(1))
    assert done.skipped == {"torn": "it ends too early", "locked": "no access"}
    assert len(load_clips(tmp_path / "a", split="train")) == 1 and len(counted) == 3


@pytest.mark.parametrize("error", [ValueError("torn"), RuntimeError("a fault of ours")])
def test_nothing_half_written_stays(tmp_path, error):
    with pytest.raises((ValueError, datasets.exceptions.DatasetGenerationError, RuntimeError)):
        prepare([broken("torn", error)], tmp_path / "a", source="own")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises((datasets.exceptions.DatasetGenerationError, RuntimeError)):
        faulty = broken("torn", RuntimeError("a fault of ours"))
        prepare([recording_of(clip_of(60)), faulty], tmp_path / "a", source="own")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(ValueError, match="exists already"):
        prepare([recording_of(clip_of(60))], tmp_path / "a", source="own")
    with pytest.raises(FileNotFoundError, match="create it first"):
        prepare([recording_of(clip_of(60))], tmp_path / "b" / "c", source="own")
    with pytest.raises(ValueError, match="stride=0"):
        prepare([recording_of(clip_of(60))], tmp_path / "b", source="own", stride=0)


def groups_of(recordings: list[Recording]) -> set[str]:
    return {recording.group for recording in recordings}


def test_validation_takes_whole_groups_from_training_and_always_the_same():
    plain = recording_of(clip_of(60))
    recordings = [
        replace(plain, name=f"{group}/{take}", group=str(group), split="test" if group == 0 else None)
        for group in range(41)
        for take in range(3)
    ]
    found = split_recordings(recordings, val_share=0.1)
    assert [len(groups_of(found[split])) for split in ("train", "val", "test")] == [36, 4, 1]
    assert not groups_of(found["train"]) & groups_of(found["val"])
    again = split_recordings(recordings[::-1], val_share=0.1)
    assert groups_of(again["val"]) == groups_of(found["val"])
    assert "val" not in split_recordings(recordings, val_share=0)
    named = [replace(recordings[5], split="val"), *recordings[6:]]
    assert split_recordings(named, val_share=0.5)["val"] == named[:1]


def test_pushing_sends_what_lies_on_disk(tmp_path, monkeypatch):
    prepare([recording_of(clip_of(60))], tmp_path / "a", source="own")
    sent = {}
    monkeypatch.setattr(
        datasets.DatasetDict, "push_to_hub", lambda self, repository: sent.update({repository: self})
    )
    push_to_hub(tmp_path / "a", "you/name")
    assert len(sent["you/name"]["train"]) == 1


def test_parquet_keeps_the_rows(tmp_path):
    """What the Hub stores is parquet: the arrays must survive it."""
    written = clip_of(200, views=2)
    prepare([recording_of(written)], tmp_path / "a", source="aist", views=2)
    datasets.load_from_disk(tmp_path / "a")["train"].to_parquet(tmp_path / "train.parquet")
    files = {"train": str(tmp_path / "train.parquet")}
    rows = datasets.load_dataset(
        "parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache")
    )
    (read,) = join_pieces(rows.with_format("numpy"))
    assert_same(read, written, 200)
    assert torch.equal(torch.from_numpy(read.views[1].points), torch.from_numpy(written.views[1].points))

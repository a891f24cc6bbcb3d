"""Parts of a dataset: what was finished is not read again, and several processes make the same as one."""

import sys
from pathlib import Path

import pytest

from vimo_pipeline.data import prepare as preparing
from vimo_pipeline.data.clips import Recording
from vimo_pipeline.data.prepare import prepare
from vimo_pipeline.data.sources import list_own
from vimo_pipeline.export import save_motion

from .conftest import swinging

datasets = pytest.importorskip("datasets")
datasets.disable_progress_bars()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(preparing, "RECORDINGS", 2)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Five motions and one that is torn."""
    (tmp_path / "mine").mkdir()
    for number in range(5):
        save_motion(swinging(40, seed=number), tmp_path / "mine" / f"{number}.npz")
    (tmp_path / "mine" / "5.npz").write_text("torn")
    return tmp_path / "mine"


class Reader:
    """Counts what is read, and is interrupted once."""

    def __init__(self, interrupted_at: str = "") -> None:
        self.read: list[str] = []
        self.interrupted_at = interrupted_at

    def watching(self, recordings: list[Recording]) -> list[Recording]:
        return [Recording(r.name, self.reading(r), r.group, r.split, r.stamp) for r in recordings]

    def reading(self, recording: Recording):
        def read():
            self.read.append(recording.name)
            if recording.name == self.interrupted_at:
                self.interrupted_at = ""
                raise KeyboardInterrupt
            return recording.read()

        return read


def rows(folder: Path) -> list[dict]:
    return datasets.load_from_disk(str(folder))["train"].to_list()


def build(recordings: list[Recording], out: Path, **options):
    return prepare(recordings, out, source="own", val_share=0, **options)


def test_a_build_goes_on_where_it_was_interrupted(folder, tmp_path):
    reader = Reader("3")
    counted = []
    with pytest.raises(KeyboardInterrupt):
        build(reader.watching(list_own(folder)), tmp_path / "a")
    assert not (tmp_path / "a").exists()
    done = build(reader.watching(list_own(folder)), tmp_path / "a", progress=lambda: counted.append(1))
    assert reader.read == ["0", "1", "2", "3", "2", "3", "4", "5"] and len(counted) == 6
    assert done.pieces == {"train": 5} and list(done.skipped) == ["5"]
    assert build(list_own(folder), tmp_path / "b") == done
    assert rows(tmp_path / "a") == rows(tmp_path / "b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "mine"]


@pytest.mark.parametrize("change", ["a file", "how it is read", "how it is cut"])
def test_what_changed_meanwhile_is_read_again(folder, tmp_path, change):
    reader = Reader("2")
    with pytest.raises(KeyboardInterrupt):
        build(reader.watching(list_own(folder)), tmp_path / "a")
    if change == "a file":
        save_motion(swinging(50, seed=9), folder / "0.npz")
    licence = "CC0" if change == "how it is read" else "unknown"
    options = {"stride": 149} if change == "how it is cut" else {}
    build(reader.watching(list_own(folder, licence=licence)), tmp_path / "a", **options)
    assert reader.read == ["0", "1", "2", "0", "1", "2", "3", "4", "5"]


def test_recordings_that_cannot_tell_are_read_again(folder, tmp_path):
    reader = Reader("2")
    listed = [Recording(r.name, r.read, r.group) for r in list_own(folder)]
    with pytest.raises(KeyboardInterrupt):
        build(reader.watching(listed), tmp_path / "a")
    build(reader.watching(listed), tmp_path / "a")
    assert reader.read.count("0") == 2


@pytest.mark.slow
def test_several_processes_make_the_same(folder, tmp_path):
    pytest.importorskip("joblib")
    counted = []
    one = build(list_own(folder), tmp_path / "a")
    two = build(list_own(folder), tmp_path / "b", workers=2, progress=lambda: counted.append(1))
    assert one == two and rows(tmp_path / "a") == rows(tmp_path / "b") and len(counted) == 6


def test_without_joblib_the_pip_line_is_named(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(ImportError, match=r"pip install 'vimo-pipeline\[scale\]'"):
        build(list_own(folder), tmp_path / "a", workers=2)
    with pytest.raises(ValueError, match="workers=0"):
        build(list_own(folder), tmp_path / "a", workers=0)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]

"""Whole or not at all."""

import pytest

from vimo_pipeline.whole_file import read_whole, whole_file


def test_a_finished_block_leaves_one_file(tmp_path):
    with whole_file(tmp_path / "a.txt") as partial:
        partial.write_text("new")
        assert not (tmp_path / "a.txt").exists() and partial.suffix == ".txt"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_block_leaves_what_was_there(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(RuntimeError), whole_file(tmp_path / "a.txt") as partial:
        partial.write_text("half")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"), whole_file(tmp_path / "gone" / "a.txt"):
        pass


def test_reading_refuses_what_is_missing_empty_large_or_a_folder(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(bytes(11))
    with pytest.raises(FileNotFoundError, match="gone"):
        read_whole(tmp_path / "gone", max_bytes=10)
    with pytest.raises(ValueError, match="0 bytes"):
        read_whole(tmp_path / "empty", max_bytes=10)
    with pytest.raises(ValueError, match="11 bytes"):
        read_whole(tmp_path / "large", max_bytes=10)
    with pytest.raises(ValueError, match="folder"):
        read_whole(tmp_path, max_bytes=10)

"""Whole or not at all."""

import os

import pytest

from vimo_pipeline.whole_file import MAX_FRAMES, check_length, read_whole, whole_file, whole_folder


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


def test_a_folder_comes_whole_and_takes_the_place_of_the_old_one(tmp_path):
    for text in ("first", "second"):
        with whole_folder(tmp_path / "out") as partial:
            (partial / "a.txt").write_text(text)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out/a.txt").read_text() == "second"


def test_a_failed_folder_leaves_the_old_one(tmp_path):
    with whole_folder(tmp_path / "out") as partial:
        (partial / "a.txt").write_text("old")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "out") as partial:
        (partial / "b.txt").write_text("half")
        raise RuntimeError
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["out", "out/a.txt"]


def test_what_a_killed_process_of_our_number_left_is_no_hindrance(tmp_path):
    (tmp_path / f".out.{os.getpid()}").mkdir()
    (tmp_path / f".out.{os.getpid()}/half.txt").touch()
    with whole_folder(tmp_path / "out") as partial:
        assert not list(partial.iterdir())


def test_lengths_that_no_memory_holds_are_refused():
    check_length(MAX_FRAMES, 30)
    for frames, fps in (
        (MAX_FRAMES + 1, 30),
        (MAX_FRAMES, 29),
        (10**6, 60),
        (1, 0),
        (1, -1),
        (1, float("nan")),
    ):
        with pytest.raises(ValueError, match="fps"):
            check_length(frames, fps)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_without_end_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match="no regular file"):
        read_whole(tmp_path / "pipe", max_bytes=10)

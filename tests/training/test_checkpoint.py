"""Large files of a checkpoint travel in pieces."""

import pytest

from vimo_pipeline.training import checkpoint
from vimo_pipeline.training.checkpoint import joined, split


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "PIECE", 1000)
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "config.json").write_text("{}")
    (tmp_path / "small").write_bytes(b"s" * 1000)
    (tmp_path / "large").write_bytes(bytes(range(250)) * 9)
    return tmp_path


def test_pieces_are_small_and_joined_again(folder):
    large = (folder / "large").read_bytes()
    split(folder)
    pieces = sorted(path.name for path in folder.glob("large*"))
    assert pieces == ["large.piece-000", "large.piece-001", "large.piece-002"]
    assert all(path.stat().st_size <= 1000 for path in folder.iterdir() if path.is_file())
    with joined(folder) as whole:
        assert (whole / "large").read_bytes() == large
        assert (whole / "small").read_bytes() == b"s" * 1000
        assert (whole / "components" / "config.json").read_text() == "{}"
        assert not list(whole.glob("*.piece-*"))
    assert not whole.exists() and (folder / "large.piece-000").exists()


def test_a_checkpoint_of_small_files_is_read_where_it_is(folder):
    (folder / "large").unlink()
    split(folder)
    with joined(folder) as whole:
        assert whole == folder

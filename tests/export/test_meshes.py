"""Meshes a frame, read back with trimesh."""

import sys

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.export.meshes import write_meshes
from vimo_pipeline.export.meshes_smpl import load_smpl, skin_smpl
from vimo_pipeline.motion.body import load_body, skin

from .smpl_files import write_smpl

trimesh = pytest.importorskip("trimesh", reason="trimesh is not installed")


def read(path) -> tuple[torch.Tensor, torch.Tensor]:
    mesh = trimesh.load_mesh(path, process=False)
    return torch.from_numpy(np.array(mesh.vertices)).float(), torch.from_numpy(np.array(mesh.faces))


@pytest.mark.parametrize("kind", ["obj", "ply", "glb"])
def test_the_free_body(tumble, tmp_path, kind):
    motion = tumble.frames(0, 5)
    paths = write_meshes(motion, tmp_path / "meshes", kind=kind, every=2)
    assert [path.name for path in paths] == [f"00000{frame}.{kind}" for frame in (0, 2, 4)]
    assert sorted(tmp_path.iterdir()) == [tmp_path / "meshes"]
    expected = skin(load_body(), motion)
    for path, frame in zip(paths, (0, 2, 4), strict=True):
        vertices, faces = read(path)
        assert_close(vertices, expected[frame], atol=1e-5, rtol=0)
        assert torch.equal(faces, load_body().faces)


@pytest.mark.parametrize("kind", ["obj", "ply", "glb"])
def test_a_body_of_the_users_own(tumble, tmp_path, kind):
    body = load_smpl(write_smpl(tmp_path / "model.npz"))
    motion = tumble.frames(30, 32)
    paths = write_meshes(motion, tmp_path / "meshes", kind=kind, body=body)
    for path, expected in zip(paths, skin_smpl(body, motion), strict=True):
        vertices, faces = read(path)
        assert_close(vertices, expected, atol=1e-5, rtol=0)
        assert torch.equal(faces, body.faces)


def test_long_motions_go_by_pieces(tumble, tmp_path, monkeypatch):
    monkeypatch.setattr("vimo_pipeline.export.meshes.CHUNK", 4)
    seen = []
    paths = write_meshes(tumble, tmp_path / "meshes", kind="ply", every=7, progress=seen.append)
    assert [int(path.stem) for path in paths] == list(range(0, 61, 7))
    assert sum(seen) == len(paths)
    assert_close(read(paths[8])[0], skin(load_body(), tumble.frames(56, 57))[0], atol=1e-5, rtol=0)


def test_faces_look_outwards(tumble, tmp_path):
    (path,) = write_meshes(tumble.frames(0, 1), tmp_path / "meshes", kind="obj")
    assert trimesh.load_mesh(path, process=False).volume > 0.03  # cubic metres


def test_a_folder_with_something_in_it_stays(tumble, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="there and not empty"):
        write_meshes(tumble, tmp_path)
    with pytest.raises(ValueError, match="there and not empty"):
        write_meshes(tumble, tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_nothing_stays_of_what_failed(tumble, tmp_path):
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_meshes(tumble, tmp_path / "meshes", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_wrong_wishes(tumble, tmp_path):
    with pytest.raises(ValueError, match="obj, ply, glb, not 'fbx'"):
        write_meshes(tumble, tmp_path / "meshes", kind="fbx")
    with pytest.raises(ValueError, match="every must be at least 1"):
        write_meshes(tumble, tmp_path / "meshes", every=0)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        write_meshes(tumble, tmp_path / "gone" / "meshes")


def test_trimesh_is_asked_for_by_name(tumble, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trimesh", None)
    with pytest.raises(ImportError, match=r"pip install 'vimo-pipeline\[smpl\]'"):
        write_meshes(tumble, tmp_path / "meshes")

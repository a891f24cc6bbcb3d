"""`vimo export` and `--device`: what a person types and gets."""

import sys

import pytest
from torch.testing import assert_close

from vimo_pipeline.cli import main
from vimo_pipeline.export import load_motion, save_motion

from .data.conftest import swinging
from .export.smpl_files import write_smpl
from .pipelines.conftest import keypoints_of, tiny_pipeline


@pytest.fixture
def vimo(monkeypatch):
    """Run the program with these words."""

    def run(*words: object) -> None:
        monkeypatch.setattr(sys, "argv", ["vimo", *map(str, words)])
        main()

    return run


@pytest.fixture
def motion(tmp_path):
    save_motion(swinging(10, seed=1), tmp_path / "swing.npz")
    return tmp_path / "swing.npz"


def test_another_format(vimo, capsys, tmp_path, motion):
    vimo("export", motion, "--out", tmp_path / "new" / "swing.bvh")
    assert str(tmp_path / "new" / "swing.bvh") in capsys.readouterr().out
    assert_close(
        load_motion(tmp_path / "new" / "swing.bvh").joints(), load_motion(motion).joints(), atol=1e-3, rtol=0
    )


def test_meshes_of_the_free_body_and_of_ones_own(vimo, capsys, tmp_path, motion):
    pytest.importorskip("trimesh")
    vimo("export", motion, "--out", tmp_path / "new" / "free", "--meshes", "ply", "--every", 4)
    assert [path.name for path in sorted((tmp_path / "new" / "free").iterdir())] == [
        "000000.ply", "000004.ply", "000008.ply",
    ]  # fmt: skip
    assert "3 meshes" in capsys.readouterr().out
    model = write_smpl(tmp_path / "model.npz")
    vimo("export", motion, "--out", tmp_path / "own", "--meshes", "obj", "--smpl", model)
    lines = (tmp_path / "own" / "000009.obj").read_text().splitlines()
    assert sum(line.startswith("v ") for line in lines) == 300


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "a.fbx"), "the suffix must be one of"),
        (("--out", "a.bvh", "--smpl", "model.npz"), "--smpl is for --meshes"),
        (("--out", "a", "--meshes", "obj", "--smpl", "model.npz"), "there is no file"),
        (("--out", "a", "--meshes", "obj", "--every", "0"), "every must be at least 1"),
    ],
)
def test_mistakes(vimo, capsys, monkeypatch, tmp_path, motion, words, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        vimo("export", motion, *words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["swing.npz"]


def test_the_device_is_chosen_by_name(vimo, capsys, tmp_path):
    tiny_pipeline().save_pretrained(tmp_path / "model")
    keypoints_of(30).save(tmp_path / "walk.npz")
    asked = ("--out", tmp_path / "out", "--model", tmp_path / "model", "--steps", 1, "--no-preview")
    vimo("capture", tmp_path / "walk.npz", *asked, "--device", "auto")
    assert (tmp_path / "out" / "walk.bvh").is_file()
    for command, rest in (("capture", ()), ("complete", ("--keep", "0:10"))):
        with pytest.raises(SystemExit):
            vimo(command, tmp_path / "walk.npz", *asked[:4], *rest, "--device", "gpu")
        assert "there is no device 'gpu'; choose cpu, auto, cuda" in capsys.readouterr().err

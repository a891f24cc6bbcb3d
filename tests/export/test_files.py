"""One door for all motion files."""

import pytest
from torch.testing import assert_close

from vimo_pipeline.export import load_motion, save_motion
from vimo_pipeline.export.files import save_motions


@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".npz", ".pkl", ".BVH"])
def test_what_is_saved_loads(tumble, tmp_path, suffix):
    save_motion(tumble, tmp_path / f"a{suffix}")
    assert [path.name for path in tmp_path.iterdir()] == [f"a{suffix}"]
    back = load_motion(tmp_path / f"a{suffix}").resample(30)
    assert_close(back.joints(), tumble.joints(), atol=1e-3, rtol=0)


@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".npz", ".pkl"])
def test_content_counts_and_not_the_name(tumble, tmp_path, suffix):
    save_motion(tumble, tmp_path / f"a{suffix}")
    (tmp_path / f"a{suffix}").rename(tmp_path / "a.dat")
    assert len(load_motion(tmp_path / "a.dat").resample(30)) == 61


def test_writing_again_replaces(tumble, tmp_path):
    save_motion(tumble, tmp_path / "a.bvh")
    save_motion(tumble.frames(0, 9), tmp_path / "a.bvh")
    assert len(load_motion(tmp_path / "a.bvh")) == 9


def test_hypotheses_are_numbered_after_the_first(tumble, tmp_path):
    shares = []
    files = save_motions([tumble, tumble.frames(0, 9)], tmp_path, stem="a", tell=shares.append)
    assert {kind: [path.name for path in paths] for kind, paths in files.items()} == {
        kind: [f"a.{kind}", f"a.1.{kind}"] for kind in ("glb", "bvh", "npz")
    }
    assert {len(load_motion(second)) for _, second in files.values()} == {9}
    assert shares == [0.5, 1.0]


def test_unknown_suffixes_and_files_are_refused(tumble, tmp_path):
    with pytest.raises(ValueError, match=r"must be one of \.bvh, \.glb, \.npz, \.pkl"):
        save_motion(tumble, tmp_path / "a.fbx")
    with pytest.raises(FileNotFoundError, match=r"no folder"):
        save_motion(tumble, tmp_path / "gone" / "a.bvh")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_motion(tmp_path / "gone.bvh")
    with pytest.raises(ValueError, match="folder"):
        load_motion(tmp_path)
    for content in (b"", b"hello", bytes(100)):
        (tmp_path / "a.bvh").write_bytes(content)
        with pytest.raises(ValueError, match="accepted are BVH, GLB, NPZ"):
            load_motion(tmp_path / "a.bvh")
    assert [path.name for path in tmp_path.iterdir()] == ["a.bvh"]

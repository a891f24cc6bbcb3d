"""NPZ in AMASS layout."""

import zipfile

import numpy as np
import pytest
import roma
import torch
from torch.testing import assert_close

from vimo_pipeline.export.amass import read_amass, write_amass
from vimo_pipeline.export.smpl import mean_shape_pelvis
from vimo_pipeline.motion.body import rest_joints
from vimo_pipeline.motion.skeleton import PARENTS


def smpl_joints(poses: np.ndarray, trans: np.ndarray, gender: str) -> torch.Tensor:
    """SMPL's own way: 4x4 matrices about the joints of the template, then transl. Slow, frame by frame."""
    trans = torch.from_numpy(trans).double()
    template = rest_joints(like=trans) + mean_shape_pelvis(gender, like=trans)
    posed = torch.zeros(len(poses), 24, 3, dtype=torch.float64)
    for frame, pose in enumerate(torch.from_numpy(poses).double().view(-1, 24, 3)):
        world = []
        for joint, parent in enumerate(PARENTS):
            local = torch.eye(4, dtype=torch.float64)
            local[:3, :3] = roma.rotvec_to_rotmat(pose[joint])
            local[:3, 3] = template[joint] - (template[parent] if joint else 0)
            world.append(world[parent] @ local if joint else local)
            posed[frame, joint] = world[joint][:3, 3] + trans[frame]
    return posed


def test_smpl_itself_finds_our_joints_z_up(tumble, tmp_path):
    write_amass(tumble, tmp_path / "a.npz")
    file = np.load(tmp_path / "a.npz")
    x, y, z = tumble.joints().double().unbind(-1)
    theirs = smpl_joints(file["poses"], file["trans"], str(file["gender"]))
    assert_close(theirs, torch.stack([x, -z, y], -1), atol=1e-5, rtol=0)


def test_it_has_the_keys_of_amass(tumble, tmp_path):
    write_amass(tumble, tmp_path / "a.npz")
    file = np.load(tmp_path / "a.npz")
    assert file["poses"].shape == (61, 72) and file["trans"].shape == (61, 3)
    assert file["mocap_framerate"] == 30 and file["betas"].shape == (16,) and file["up_axis"] == "z"


def test_the_motion_comes_back(tumble, tmp_path):
    write_amass(tumble, tmp_path / "a.npz")
    back = read_amass(tmp_path / "a.npz")
    assert back.fps == 30
    assert_close(back.joints(), tumble.joints(), atol=1e-4, rtol=0)


@pytest.mark.parametrize("width", [156, 165])
def test_fingers_and_faces_are_dropped(tumble, tmp_path, width):
    write_amass(tumble, tmp_path / "a.npz")
    file = np.load(tmp_path / "a.npz")
    poses = np.ones((61, width))
    poses[:, :66] = file["poses"][:, :66]
    np.savez(tmp_path / "b.npz", poses=poses, trans=file["trans"], mocap_frame_rate=120.0, gender=b"male")
    back = read_amass(tmp_path / "b.npz")
    assert back.fps == 120
    assert_close(back.joints()[:, :22], tumble.joints()[:, :22], atol=1e-4, rtol=0)
    assert_close(back.matrices()[:, 22:], torch.eye(3).expand(61, 2, 3, 3))


def test_gender_moves_the_pelvis_only(tmp_path):
    for gender in ("male", "female", "neutral"):
        np.savez(
            tmp_path / f"{gender}.npz", poses=np.zeros((1, 72)), trans=np.zeros((1, 3)), mocap_framerate=30,
            gender=gender, up_axis="y",
        )  # fmt: skip
        root = read_amass(tmp_path / f"{gender}.npz").root[0]
        assert_close(root, mean_shape_pelvis(gender, like=root))
        assert -0.25 < root[1] < -0.2


def good() -> dict:
    return {"poses": np.zeros((5, 72)), "trans": np.zeros((5, 3)), "mocap_framerate": 30.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"poses": np.zeros((5, 63))}, r"72 \(SMPL\), 156 \(SMPL-H\), 165 \(SMPL-X\), got \[5, 63\]"),
        ({"poses": np.full((5, 72), np.nan)}, "NaN"),
        ({"poses": np.zeros((0, 72)), "trans": np.zeros((0, 3))}, r"got \[0, 72\]"),
        ({"poses": np.full((5, 72), "a")}, "must be numbers"),
        ({"trans": np.zeros((4, 3))}, r"trans must be \[5, 3\], got \[4, 3\]"),
        ({"mocap_framerate": 0.0}, "fps must be a positive number"),
        ({"mocap_framerate": "fast"}, "could not convert"),
        ({"poses": np.array([{}] * 5, dtype=object)}, "allow_pickle=False"),
        ({"gender": np.array([], dtype="U4")}, "gender"),
    ],
)
def test_wrong_content_is_named(tmp_path, change, message):
    np.savez(tmp_path / "a.npz", **(good() | change))
    with pytest.raises(ValueError, match=message):
        read_amass(tmp_path / "a.npz")


@pytest.mark.parametrize("key", ["poses", "trans", "mocap_framerate"])
def test_missing_keys_are_named(tmp_path, key):
    arrays = good()
    del arrays[key]
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(ValueError, match=f"no {key}"):
        read_amass(tmp_path / "a.npz")


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("vimo_pipeline.export.amass.MAX_BYTES", 100_000)
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("poses.npy", bytes(10_000_000))
    with pytest.raises(ValueError, match="unpacks to 10000000 bytes"):
        read_amass(tmp_path / "a.npz")


@pytest.mark.parametrize("cut", [1, 100, 1000, 5000])
def test_cut_files_are_refused(tumble, tmp_path, cut):
    write_amass(tumble, tmp_path / "a.npz")
    (tmp_path / "b.npz").write_bytes((tmp_path / "a.npz").read_bytes()[:-cut])
    with pytest.raises(ValueError, match=r"b\.npz"):
        read_amass(tmp_path / "b.npz")

"""A model file in SMPL's form moves as its paper and its own code say."""

import numpy as np
import pytest
import torch
from numpy import ndarray
from torch.testing import assert_close

from vimo_pipeline.export.amass import write_amass
from vimo_pipeline.export.meshes_smpl import load_smpl, skin_smpl
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import quaternion_to_axis_angle

from .smpl_files import smpl_arrays, write_smpl

MILLIMETRE = 1e-3
COUNTS = {"smpl": 24, "smplh": 52, "smplx": 55}


@pytest.mark.parametrize("joints", COUNTS.values(), ids=COUNTS)
def test_slow_twin(tumble, tmp_path, joints):
    body = load_smpl(write_smpl(tmp_path / "model.npz", joints=joints, vertices=60))
    motion = tumble.frames(20, 22)
    expected = slow_skin(smpl_arrays(joints=joints, vertices=60), motion)
    assert_close(skin_smpl(body, motion).double(), expected, atol=1e-5, rtol=0)


def slow_skin(arrays: dict[str, ndarray], motion: Motion) -> torch.Tensor:
    """The paper's formulas, one frame, joint and vertex at a time, float64."""
    joints = arrays["J_regressor"] @ arrays["v_template"]
    parents = arrays["kintree_table"][0].astype(np.int32)
    frames = []
    for matrices, root in zip(motion.matrices().double().numpy(), motion.root.double().numpy(), strict=True):
        local = np.stack([*matrices[:22], *matrices[22:24], *[np.eye(3)] * (len(parents) - 24)])
        if len(parents) > 24:
            local[22:24] = np.eye(3)
        world = [np.block([[local[0], root[:, None]], [np.zeros((1, 3)), np.ones((1, 1))]])]
        for joint in range(1, len(parents)):
            step = np.eye(4)
            step[:3, :3], step[:3, 3] = local[joint], joints[joint] - joints[parents[joint]]
            world.append(world[parents[joint]] @ step)
        bend = np.concatenate([(matrix - np.eye(3)).ravel() for matrix in local[1:]])
        points = []
        for vertex, place in enumerate(arrays["v_template"]):
            moved = place + arrays["posedirs"][vertex] @ bend
            carried = [each @ [*(moved - rest), 1] for each, rest in zip(world, joints, strict=True)]
            points.append((arrays["weights"][vertex] @ np.array(carried))[:3])
        frames.append(points)
    return torch.from_numpy(np.array(frames))


def test_against_smplx(tumble, tmp_path):
    """The real smplx over the same arrays, in the pose of every frame."""
    smplx = pytest.importorskip("smplx", reason="smplx is not installed")
    tumble, arrays = tumble.frames(10, 20), smpl_arrays(vertices=6890)  # it looks vertices up by number
    np.savez(tmp_path / "model.npz", **arrays)
    theirs = pose_with_smplx(smplx, arrays, tumble)
    body = load_smpl(tmp_path / "model.npz")
    assert (skin_smpl(body, tumble) - theirs).norm(dim=-1).max() < MILLIMETRE
    assert theirs.std(0).max() > 0.1  # it does move


def pose_with_smplx(smplx, arrays: dict[str, ndarray], motion: Motion) -> torch.Tensor:
    """Vertices of smplx's own SMPL class, its pelvis laid where ours is."""
    model = smplx.SMPL("", data_struct=smplx.utils.Struct(**arrays), batch_size=len(motion))
    turns = quaternion_to_axis_angle(motion.rotations)
    pelvis = torch.from_numpy(arrays["J_regressor"] @ arrays["v_template"]).float()[0]
    with torch.no_grad():
        return model(
            global_orient=turns[:, 0], body_pose=turns[:, 1:].flatten(1), transl=motion.root - pelvis
        ).vertices


def test_a_body_at_rest_is_the_template(tmp_path):
    body = load_smpl(write_smpl(tmp_path / "model.npz"))
    rest = torch.zeros(1, 24, 4)
    rest[..., 3] = 1
    motion = Motion.from_rotations(rest, body.joints[:1])
    assert_close(skin_smpl(body, motion)[0], body.template)


def test_the_mesh_goes_where_the_body_goes(tumble, tmp_path):
    body = load_smpl(write_smpl(tmp_path / "model.npz"))
    turned = skin_smpl(body, tumble.turn(0.7))
    matrix = torch.linalg.matrix_exp(torch.tensor([[0.0, 0, 0.7], [0, 0, 0], [-0.7, 0, 0]]))
    assert_close(turned, skin_smpl(body, tumble) @ matrix.mT, atol=1e-5, rtol=0)


def test_pickles_are_not_opened(tmp_path):
    (tmp_path / "SMPL_NEUTRAL.pkl").write_bytes(b"cos\nsystem\n(S'touch opened'\ntR.")
    with pytest.raises(ValueError, match="so they are not read"):
        load_smpl(tmp_path / "SMPL_NEUTRAL.pkl")


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("weights", np.ones((300, 16)), "24 \\(SMPL\\), 52 \\(SMPL-H\\), 55 \\(SMPL-X\\), got \\[300, 16\\]"),
        ("weights", np.float64(1), "weights must be"),
        ("v_template", np.ones((299, 3)), r"weights must be \[299, 24\]"),
        ("v_template", np.full((300, 3), np.nan), "v_template must be finite"),
        ("posedirs", np.ones((300, 3, 10)), r"posedirs must be \[300, 3, 207\]"),
        ("J_regressor", np.array([["a"]]), "J_regressor must be"),
        ("f", np.full((4, 3), 300), "f names vertices"),
        ("f", np.zeros((0, 3), int), "f must be"),
        ("kintree_table", np.zeros((2, 24), int), "another skeleton"),
    ],
)
def test_other_arrays_are_refused(tmp_path, name, array, said):
    np.savez(tmp_path / "model.npz", **smpl_arrays() | {name: array})
    with pytest.raises(ValueError, match=said):
        load_smpl(tmp_path / "model.npz")


def test_other_files_are_refused(tumble, tmp_path):
    write_amass(tumble, tmp_path / "motion.npz")
    with pytest.raises(ValueError, match="is no SMPL model: it has"):
        load_smpl(tmp_path / "motion.npz")
    np.savez(tmp_path / "objects.npz", **smpl_arrays() | {"f": np.array([{}], dtype=object)})
    with pytest.raises(ValueError, match="not a readable NPZ"):
        load_smpl(tmp_path / "objects.npz")
    with pytest.raises(FileNotFoundError):
        load_smpl(tmp_path / "gone.npz")

"""A user's own SMPL, SMPL-H or SMPL-X file as a body that motions move. None comes with ViMo.

Written from the formulas of the paper (Loper et al., SMPL: A Skinned Multi-Person Linear Model, 2015), so
that no code under another licence is needed; the tests hold it against smplx.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..motion import PARENTS, Motion
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import existing_file, read_arrays, shortened

MAX_BYTES = 768 * 2**20  # unpacked; SMPL-X with 400 shape directions has 300 MB
LARGEST = 1e7  # metres, shares, vertices: no model has as many
BODY_JOINTS = 22  # SMPL, SMPL-H and SMPL-X agree on these
MODELS = {24: "SMPL", 52: "SMPL-H", 55: "SMPL-X"}
NEEDED = ("v_template", "f", "weights", "J_regressor", "posedirs", "kintree_table")


@dataclass(frozen=True)
class SmplBody:
    """The mean shape of a model, J joints and V vertices."""

    template: Tensor  # [V, 3] metres, T-pose
    faces: Tensor  # [F, 3]
    joints: Tensor  # [J, 3] metres, at rest
    weights: Tensor  # [V, J] how much each joint moves a vertex
    pose_directions: Tensor  # [V, 3, 9 (J - 1)] how vertices move with the joints' rotation matrices
    parents: tuple[int, ...]


def load_smpl(path: str | Path) -> SmplBody:
    """Read a model file as NPZ, the form in which SMPL-H and SMPL-X are given out. Nothing is unpickled.

    SMPL itself is given out as a pickle, which may run any code when it is opened; scripts/smpl_to_npz.py
    turns it into NPZ.
    """
    path = existing_file(path)
    if path.suffix.lower() != ".npz":
        raise ValueError(
            f"{path} is not an NPZ file. Pickles can run code when they are opened, so they are not read; "
            "scripts/smpl_to_npz.py turns SMPL's into NPZ"
        )
    arrays = read_arrays(path, NEEDED, max_bytes=MAX_BYTES)
    missing = [name for name in NEEDED if name not in arrays]
    if missing:
        there = shortened(sorted(arrays))
        raise ValueError(f"{path} is no SMPL model: it has {there} but no {', '.join(missing)}")
    try:
        return _assemble(*(arrays[name] for name in NEEDED))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is no SMPL model that can be used: {error}") from error


def skin_smpl(body: SmplBody, motion: Motion) -> Tensor:
    """Where the mesh is in every frame, [T, V, 3] metres; the pelvis joint is at `motion.root`.

    SMPL, equations 6 to 9: vertices = W(template + pose directions x (R - I), joints, R, weights). Hands and
    face that a motion does not have are at rest. Cut a long motion into pieces to save memory.
    """
    rotations = _rotations_of(body, motion)
    frames = len(motion)
    bend = (rotations[:, 1:] - torch.eye(3).to(rotations)).flatten(1)  # [T, 9 (J - 1)]
    directions = body.pose_directions.to(rotations).flatten(0, 1)  # [V * 3, 9 (J - 1)]
    posed = body.template.to(rotations) + (bend @ directions.mT).unflatten(1, (-1, 3))  # [T, V, 3]
    orientations, positions = _joint_transforms(body, rotations, motion.root)
    shifts = positions - (orientations @ body.joints.to(rotations)[..., None])[..., 0]
    carried = torch.cat([orientations, shifts[..., None]], -1).flatten(2)  # [T, J, 12]
    blended = (body.weights.to(rotations) @ carried).view(frames, -1, 3, 4)  # [T, V, 3, 4]
    return (blended[..., :3] @ posed[..., None])[..., 0] + blended[..., 3]


def _rotations_of(body: SmplBody, motion: Motion) -> Tensor:
    """Matrices of the model's joints, [T, J, 3, 3]: SMPL's two hands are not joints of its successors."""
    matrices = motion.matrices()
    count = len(body.parents)
    if count == NUM_JOINTS:
        return matrices
    rest = torch.eye(3).to(matrices).expand(len(motion), count - BODY_JOINTS, 3, 3)
    return torch.cat([matrices[:, :BODY_JOINTS], rest], 1)


def _joint_transforms(body: SmplBody, rotations: Tensor, root: Tensor) -> tuple[Tensor, Tensor]:
    """Orientation [T, J, 3, 3] and position [T, J, 3] of every joint in the world."""
    joints = body.joints.to(rotations)
    orientations, positions = [rotations[:, 0]], [root]
    for joint, parent in list(enumerate(body.parents))[1:]:
        positions.append(positions[parent] + orientations[parent] @ (joints[joint] - joints[parent]))
        orientations.append(orientations[parent] @ rotations[:, joint])
    return torch.stack(orientations, 1), torch.stack(positions, 1)


def _assemble(
    template: ndarray, faces: ndarray, weights: ndarray, regressor: ndarray, bends: ndarray, tree: ndarray
) -> SmplBody:
    vertices, joints = len(template) if template.ndim else 0, weights.shape[-1] if weights.ndim else 0
    if joints not in MODELS:
        known = ", ".join(f"{count} ({model})" for count, model in MODELS.items())
        raise ValueError(f"weights must be [V, J] with J one of {known}, got {list(weights.shape)}")
    _check("v_template", template, (vertices, 3))
    _check("weights", weights, (vertices, joints))
    _check("J_regressor", regressor, (joints, vertices))
    _check("posedirs", bends, (vertices, 3, 9 * (joints - 1)))
    _check("f", faces, (len(faces) if faces.ndim else 0, 3))
    _check("kintree_table", tree, (2, joints), largest=np.inf)  # the pelvis's parent is 2^32 - 1
    if not 0 <= faces.min() <= faces.max() < vertices:
        raise ValueError(f"f names vertices that are not there; there are {vertices}")
    parents = (-1, *tree[0, 1:].astype(int).tolist())
    if parents[:BODY_JOINTS] != PARENTS[:BODY_JOINTS]:
        raise ValueError("kintree_table is another skeleton than SMPL's")
    if any(not 0 <= parent < joint for joint, parent in list(enumerate(parents))[1:]):
        raise ValueError("kintree_table has joints before their parents")
    rest = regressor.astype(np.float64) @ template.astype(np.float64)
    tensors = (torch.from_numpy(each.astype(np.float32)) for each in (template, rest, weights, bends))
    shape, rest_joints, shares, moves = tensors
    return SmplBody(shape, torch.from_numpy(faces.astype(np.int64)), rest_joints, shares, moves, parents)


def _check(name: str, array: ndarray, shape: tuple[int, ...], *, largest: float = LARGEST) -> None:
    if array.shape != shape or 0 in shape:
        raise ValueError(f"{name} must be {list(shape)}, got {list(array.shape)}")
    if array.dtype.kind not in "fiu" or not (np.abs(array) < largest).all():
        raise ValueError(f"{name} must be finite numbers below {largest:g}, got {array.dtype}")

"""Model files in SMPL's form that hold nothing of it: random arrays of the right shapes, built in code."""

from pathlib import Path

import numpy as np
from numpy import ndarray

from vimo_pipeline.motion import PARENTS
from vimo_pipeline.motion.body import rest_joints

FINGERS = ((20, 15), (21, 15))  # wrist, joints of its hand: five chains of three


def smpl_arrays(*, joints: int = 24, vertices: int = 300, seed: int = 0) -> dict[str, ndarray]:
    """v_template, f, weights, J_regressor, posedirs, shapedirs and kintree_table of a made-up model.

    Joints lie where vertices are that belong to them, so that the regressor is exact and sparse.
    """
    random = np.random.default_rng(seed)
    parents = model_parents(joints)
    places = _joint_places(parents, random)
    owner = np.concatenate([np.arange(joints), random.integers(0, joints, vertices - joints)])
    template = places[owner] + np.where(np.arange(vertices)[:, None] < joints, 0, 0.05) * random.normal(
        size=(vertices, 3)
    )
    weights = random.random((vertices, joints)) ** 8 + 2 * np.eye(joints)[owner]
    return {
        "v_template": template,
        "f": (np.arange(vertices)[:, None] + np.arange(3)).astype(np.uint32) % vertices,
        "weights": weights / weights.sum(1, keepdims=True),
        "J_regressor": np.eye(joints, vertices),
        "posedirs": 0.01 * random.normal(size=(vertices, 3, 9 * (joints - 1))),
        "shapedirs": 0.01 * random.normal(size=(vertices, 3, 10)),
        "kintree_table": np.stack([parents, np.arange(joints)]).astype(np.uint32),
    }


def model_parents(joints: int) -> ndarray:
    """SMPL's tree, or that of its successors: face joints on the head, then fingers."""
    if joints == 24:
        return np.array(PARENTS)
    face = [15] * (joints - 52)
    fingers, start = [], 22 + len(face)
    for wrist, count in FINGERS:
        first = start + len(fingers)
        fingers += [wrist if k % 3 == 0 else first + k - 1 for k in range(count)]
    return np.array([*PARENTS[:22], *face, *fingers])


def write_smpl(path: Path, **options: int) -> Path:
    """The arrays as the NPZ that a user would have."""
    np.savez(path, **smpl_arrays(**options), part2num=np.array({"a": 1}, dtype=object))  # SMPL-X has such
    return path


def _joint_places(parents: ndarray, random: np.random.Generator) -> ndarray:
    places = np.zeros((len(parents), 3))
    places[:22] = rest_joints().numpy()[:22]
    places[:22] += (0.0, -0.22, 0.03)
    for joint in range(22, len(parents)):
        places[joint] = places[parents[joint]] + 0.03 * random.normal(size=3)
    return places

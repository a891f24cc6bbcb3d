"""The SMPL-24 skeleton: joint names, parents and rest offsets. Every joint is found by its name."""

import torch
from torch import Tensor

JOINT_NAMES = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle",
    "right_ankle", "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hand", "right_hand",
)  # fmt: skip
NUM_JOINTS = len(JOINT_NAMES)

PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)

# Joint minus parent joint of the male mean-shape SMPL body in T-pose, metres (as listed by EDGE, vis.py).
_REST_OFFSETS = (
    (0.0, 0.0, 0.0),
    (0.05858135, -0.08228004, -0.01766408),
    (-0.06030973, -0.09051332, -0.01354254),
    (0.00443945, 0.12440352, -0.03838522),
    (0.04345142, -0.38646945, 0.008037),
    (-0.04325663, -0.38368791, -0.00484304),
    (0.00448844, 0.1379564, 0.02682033),
    (-0.01479032, -0.42687458, -0.037428),
    (0.01905555, -0.4200455, -0.03456167),
    (-0.00226458, 0.05603239, 0.00285505),
    (0.04105436, -0.06028581, 0.12204243),
    (-0.03483987, -0.06210566, 0.13032329),
    (-0.0133902, 0.21163553, -0.03346758),
    (0.07170245, 0.11399969, -0.01889817),
    (-0.08295366, 0.11247234, -0.02370739),
    (0.01011321, 0.08893734, 0.05040987),
    (0.12292141, 0.04520509, -0.019046),
    (-0.11322832, 0.04685326, -0.00847207),
    (0.2553319, -0.01564902, -0.02294649),
    (-0.26012748, -0.01436928, -0.03126873),
    (0.26570925, 0.01269811, -0.00737473),
    (-0.26910836, 0.00679372, -0.00602676),
    (0.08669055, -0.01063603, -0.01559429),
    (-0.0887537, -0.00865157, -0.01010708),
)

CONTACT_JOINTS = ("left_ankle", "right_ankle", "left_foot", "right_foot")


def joint_index(name: str) -> int:
    """Position of a joint in every [.., 24, ..] array."""
    if name not in JOINT_NAMES:
        raise ValueError(f"unknown joint {name!r}; the SMPL-24 joints are: {', '.join(JOINT_NAMES)}")
    return JOINT_NAMES.index(name)


def joint_indices(names: tuple[str, ...]) -> list[int]:
    """Positions of several joints, in the order given."""
    return [joint_index(name) for name in names]


def rest_offsets(*, like: Tensor | None = None) -> Tensor:
    """Joint minus parent joint in T-pose, metres, [24, 3]; on the device and in the dtype of `like`."""
    offsets = torch.tensor(_REST_OFFSETS)
    return offsets if like is None else offsets.to(like.device, like.dtype)


def mirror_permutation() -> list[int]:
    """For every joint, the joint on the other side of the body."""
    swap = {"left": "right", "right": "left"}
    sides = (name.partition("_") for name in JOINT_NAMES)
    return [joint_index(swap.get(side, side) + bar + rest) for side, bar, rest in sides]

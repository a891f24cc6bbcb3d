"""Forward kinematics: joint rotations -> joint positions. Differentiable, any batch shape."""

from itertools import chain, pairwise

import torch
from torch import Tensor

from .skeleton import NUM_JOINTS, PARENTS, rest_offsets


def forward_kinematics(rotations: Tensor, root: Tensor, *, offsets: Tensor | None = None) -> Tensor:
    """Joint positions in the world, metres, [..., 24, 3].

    rotations: [..., 24, 3, 3], each joint relative to its parent; root: [..., 3] pelvis in the world;
    offsets: [..., 24, 3] joint minus parent at rest (SMPL mean shape unless given).
    """
    return joint_transforms(rotations, root, offsets=offsets)[1]


def joint_transforms(
    rotations: Tensor, root: Tensor, *, offsets: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Orientation [..., 24, 3, 3] and position [..., 24, 3] of every joint in the world."""
    if rotations.shape[-3:] != (NUM_JOINTS, 3, 3):
        raise ValueError(f"rotations must be [..., {NUM_JOINTS}, 3, 3], got {list(rotations.shape)}")
    offsets = rest_offsets(like=root) if offsets is None else offsets
    offsets = offsets.expand(*root.shape[:-1], *offsets.shape[-2:])
    orientations, positions = [rotations[..., :1, :, :]], [root[..., None, :]]
    for joints, above in _LEVELS:
        carrying = orientations[-1][..., above, :, :]
        carried = (carrying @ offsets[..., joints, :, None])[..., 0]
        positions.append(positions[-1][..., above, :] + carried)
        orientations.append(carrying @ rotations[..., joints, :, :])
    return torch.cat(orientations, -3)[..., _PLACES, :, :], torch.cat(positions, -2)[..., _PLACES, :]


def joints_by_depth() -> list[list[int]]:
    """The pelvis, then its children, then theirs: joints that can be computed at once."""
    levels = [[0]]
    while below := [joint for joint in range(NUM_JOINTS) if PARENTS[joint] in levels[-1]]:
        levels.append(below)
    return levels


_DEPTHS = joints_by_depth()
# Joints of a level, and where in the level before their parents are.
_LEVELS = [
    (joints, [before.index(PARENTS[joint]) for joint in joints]) for before, joints in pairwise(_DEPTHS)
]
_PLACES = [list(chain(*_DEPTHS)).index(joint) for joint in range(NUM_JOINTS)]

"""Forward kinematics: joint rotations -> joint positions. Differentiable, any batch shape."""

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
    orientations, positions = [rotations[..., 0, :, :]], [root]
    for joint, parent in list(enumerate(PARENTS))[1:]:
        carried = (orientations[parent] @ offsets[..., joint, :, None])[..., 0]
        positions.append(positions[parent] + carried)
        orientations.append(orientations[parent] @ rotations[..., joint, :, :])
    return torch.stack(orientations, -3), torch.stack(positions, -2)

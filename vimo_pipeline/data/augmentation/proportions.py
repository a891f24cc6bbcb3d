"""Bodies with longer or shorter legs, trunks and arms: what the camera sees is nobody's mean shape."""

import torch
from torch import Generator, Tensor

from ...motion.skeleton import joint_indices, rest_offsets

DEVIATION = 0.07  # of a bone's length
# Bones that grow together; each group by its own factor.
_BONE_GROUPS = (
    ("left_knee", "right_knee", "left_ankle", "right_ankle"),
    ("spine1", "spine2", "spine3", "neck", "head"),
    ("left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    ("left_collar", "right_collar", "left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
)


def random_proportions(batch: int, generator: Generator) -> Tensor:
    """Rest offsets of random bodies, [B, 24, 3] metres."""
    factors = torch.ones(batch, 24, 1)
    for bones in _BONE_GROUPS:
        factors[:, joint_indices(bones)] += DEVIATION * torch.randn(batch, 1, 1, generator=generator)
    return rest_offsets() * factors

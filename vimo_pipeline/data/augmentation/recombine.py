"""Limbs of one window on the body of another: they say little about each other and nothing about the feet."""

import torch
from torch import Generator

from ...motion.features import MotionFeatures
from ...motion.skeleton import joint_indices
from .chance import some

_ARM = ("collar", "shoulder", "elbow", "wrist", "hand")
ARMS = {side: joint_indices(tuple(f"{side}_{joint}" for joint in _ARM)) for side in ("left", "right")}
UPPER_BODY = [*joint_indices(("spine1", "spine2", "spine3", "neck", "head")), *ARMS["left"], *ARMS["right"]]
_SHARES = ((UPPER_BODY, 0.15), (ARMS["left"], 0.3), (ARMS["right"], 0.3))


def recombine(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """Some windows get the upper body of another window of the batch, some a single arm. [B, T, ...]."""
    rotations = motion.rotations.clone()
    for joints, share in _SHARES:
        lenders = torch.randperm(len(rotations), generator=generator)
        takes = some(len(rotations), share, generator).view(-1, 1, 1, 1, 1)
        rotations[:, :, joints] = torch.where(
            takes, rotations[lenders][:, :, joints], rotations[:, :, joints]
        )
    return motion._replace(rotations=rotations)

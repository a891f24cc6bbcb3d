"""The 151 numbers a frame that the papers' denoiser sees. Nothing else in the project knows their order."""

from typing import NamedTuple

import torch
from torch import Tensor

from .rotations import matrix_to_6d, sixd_to_matrix
from .skeleton import CONTACT_JOINTS, NUM_JOINTS

_SIZES = (NUM_JOINTS * 6, len(CONTACT_JOINTS), 3)
NUM_FEATURES = sum(_SIZES)  # 151
ROOT_LEVEL = (NUM_FEATURES - 3, NUM_FEATURES - 1)  # x and z of the root: the path over the floor


class MotionFeatures(NamedTuple):
    """A batch of motions, unpacked. Any leading shape (ViMo, section 3.2: R in 24 x 6, contacts, root)."""

    rotations: Tensor  # [..., 24, 3, 3] each joint relative to its parent
    contacts: Tensor  # [..., 4]
    root: Tensor  # [..., 3] metres

    def pack(self) -> Tensor:
        """[..., 151]: 24 rotations in 6D, contacts, root."""
        return torch.cat([matrix_to_6d(self.rotations).flatten(-2), self.contacts, self.root], -1)


def unpack_features(features: Tensor) -> MotionFeatures:
    """[..., 151] -> rotations made orthonormal, contacts and root."""
    sixd, contacts, root = split_features(features)
    return MotionFeatures(sixd_to_matrix(sixd), contacts, root)


def split_features(features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """[..., 151] -> raw 6D rotations [..., 24, 6], contacts [..., 4], root [..., 3]; nothing normalised."""
    if features.shape[-1] != NUM_FEATURES:
        raise ValueError(f"a motion has {NUM_FEATURES} features a frame, got {list(features.shape)}")
    sixd, contacts, root = features.split(_SIZES, -1)
    return sixd.unflatten(-1, (NUM_JOINTS, 6)), contacts, root

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


def turn_features(features: Tensor, turning: Tensor) -> Tensor:
    """Motions turned about the origin: the pelvis and the root, [..., 151] and [..., 3, 3].

    It is linear, so the 6D numbers need not be orthonormal and the root may be a velocity.
    """
    sixd, contacts, root = split_features(features)
    pelvis = (sixd[..., 0, :].unflatten(-1, (2, 3)) @ turning.mT).flatten(-2)  # two columns
    sixd = torch.cat([pelvis[..., None, :], sixd[..., 1:, :]], -2)
    return torch.cat([sixd.flatten(-2), contacts, (turning @ root[..., None])[..., 0]], -1)


def split_features(features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """[..., 151] -> raw 6D rotations [..., 24, 6], contacts [..., 4], root [..., 3]; nothing normalised."""
    if features.shape[-1] != NUM_FEATURES:
        raise ValueError(f"a motion has {NUM_FEATURES} features a frame, got {list(features.shape)}")
    sixd, contacts, root = features.split(_SIZES, -1)
    return sixd.unflatten(-1, (NUM_JOINTS, 6)), contacts, root

"""Putting a changed body back on its feet: what stood still stands still, at the height it had."""

import torch
from torch import Tensor

from ...motion.contacts import foot_contacts_of
from ...motion.features import MotionFeatures
from ...motion.kinematics import forward_kinematics
from ...motion.skeleton import CONTACT_JOINTS, joint_indices

FPS = 30.0  # of all windows
_FEET = joint_indices(CONTACT_JOINTS)


def stand(rotations: Tensor, before: MotionFeatures) -> MotionFeatures:
    """New rotations on a root that moves so that planted feet do what they did before. [B, T, ...]."""
    feet = _feet(rotations, before.root)
    shift = _feet(before.rotations, before.root) - feet  # [B, T, 4, 3]
    level = _kept_planted(shift, before.contacts)
    height = feet[..., 1].amin(-1) - (feet + shift)[..., 1].amin(-1)  # the lowest foot, now and before
    path = torch.stack([level[..., 0], -height, level[..., 2]], -1)
    contacts = foot_contacts_of(feet + path[..., None, :], fps=FPS)
    return MotionFeatures(rotations, contacts, before.root + path)


def _kept_planted(shift: Tensor, contacts: Tensor) -> Tensor:
    """Path of the root that takes away what planted feet slide more than before, [B, T, 3]."""
    planted = contacts[:, :-1, :, None]
    steps = (shift.diff(dim=1) * planted).sum(2) / planted.sum(2).clamp(min=1)
    return torch.nn.functional.pad(steps.cumsum(1), (0, 0, 1, 0))


def _feet(rotations: Tensor, root: Tensor) -> Tensor:
    return forward_kinematics(rotations, root)[..., _FEET, :]

"""The losses of ViMo (equations 3 to 6). Each gives one number a frame, [B, T], to be weighted by its SNR."""

import torch
from torch import Tensor

from ..motion.skeleton import CONTACT_JOINTS, joint_indices

_FEET = joint_indices(CONTACT_JOINTS)


def simple_loss(predicted: Tensor, clean: Tensor) -> Tensor:
    """Squared error of the normalised features (ViMo, eq. 3). [B, T, 151] twice -> [B, T]."""
    return (predicted - clean).square().mean(-1)


def joint_position_loss(predicted: Tensor, clean: Tensor) -> Tensor:
    """Squared distance of joints from their own pelvis, metres (ViMo, eq. 4). [B, T, 24, 3] -> [B, T].

    FK in the paper takes rotations alone. With the path of the pelvis in it, metres of drift would drown
    the centimetres by which a hand is off.
    """
    predicted, clean = (joints - joints[..., :1, :] for joints in (predicted, clean))
    return (predicted - clean).square().sum(-1).mean(-1)


def velocity_loss(predicted: Tensor, clean: Tensor, *, fps: float) -> Tensor:
    """Squared difference of joint velocities in the world, m/s. [B, T, 24, 3] -> [B, T], last frame 0.

    The paper subtracts rotations (ViMo, eq. 5), which the thesis finds meaningless on SO(3) and blames for
    collapse to a static pose (section IV); velocities of joints say the same and have a unit.
    """
    return _each_step(((predicted - clean).diff(dim=1) * fps).square().sum(-1).mean(-1))


def foot_contact_loss(joints: Tensor, contacts: Tensor, *, fps: float) -> Tensor:
    """Squared speed, m/s, of feet that the model itself calls planted (ViMo, eq. 6), last frame 0.

    joints: [B, T, 24, 3] in the world; contacts: [B, T, 4] as predicted -> [B, T].
    """
    speed = (joints[..., _FEET, :].diff(dim=1) * fps).square().sum(-1)  # [B, T-1, 4]
    return _each_step((speed * contacts[:, :-1].clamp(0, 1).square()).mean(-1))


def weighted_mean(loss: Tensor, weights: Tensor, mask: Tensor) -> Tensor:
    """Mean over real frames of a loss weighted by the SNR of each frame. All [B, T]."""
    real = mask.to(loss.dtype)
    return (loss * weights * real).sum() / real.sum().clamp(min=1)


def _each_step(loss: Tensor) -> Tensor:
    return torch.nn.functional.pad(loss, (0, 1))

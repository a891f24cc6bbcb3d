"""Rotations between quaternions (xyzw), matrices, rotation vectors and 6D. Any leading batch shape."""

import roma
import torch
from torch import Tensor


def quaternion_to_matrix(quaternions: Tensor) -> Tensor:
    """[..., 4] xyzw, any length but zero -> [..., 3, 3]."""
    return roma.unitquat_to_rotmat(roma.quat_normalize(quaternions))


def matrix_to_quaternion(matrices: Tensor) -> Tensor:
    """[..., 3, 3] -> [..., 4] xyzw of unit length."""
    return roma.rotmat_to_unitquat(matrices)


def axis_angle_to_quaternion(axis_angles: Tensor) -> Tensor:
    """[..., 3] radians -> [..., 4] xyzw."""
    return roma.rotvec_to_unitquat(axis_angles)


def quaternion_to_axis_angle(quaternions: Tensor) -> Tensor:
    """[..., 4] xyzw -> [..., 3] radians, of length at most pi."""
    return roma.unitquat_to_rotvec(roma.quat_normalize(quaternions))


def axis_angle_to_matrix(axis_angles: Tensor) -> Tensor:
    """[..., 3] radians -> [..., 3, 3]."""
    return roma.rotvec_to_rotmat(axis_angles)


def matrix_to_axis_angle(matrices: Tensor) -> Tensor:
    """[..., 3, 3] -> [..., 3] radians, of length at most pi."""
    return roma.rotmat_to_rotvec(matrices)


def matrix_to_6d(matrices: Tensor) -> Tensor:
    """[..., 3, 3] -> [..., 6]: the first two columns, one after the other (Zhou et al. 2019)."""
    return matrices[..., :2].transpose(-1, -2).flatten(-2)


def sixd_to_matrix(sixd: Tensor) -> Tensor:
    """[..., 6] -> [..., 3, 3] by Gram-Schmidt; the two columns need not be orthonormal (Zhou et al. 2019)."""
    return roma.special_gramschmidt(sixd.unflatten(-1, (2, 3)).transpose(-1, -2))


def heading_angle(matrices: Tensor) -> Tensor:
    """Turn about +y nearest to a rotation, [..., 3, 3] -> [...] radians.

    The twist of a swing-twist decomposition: it is smooth while a body leans or lies down and undefined
    only when it is exactly upside down.
    """
    return torch.atan2(matrices[..., 0, 2] - matrices[..., 2, 0], matrices[..., 0, 0] + matrices[..., 2, 2])


def turn_about_y(angles: Tensor) -> Tensor:
    """[...] radians -> [..., 3, 3]; a positive angle turns +z towards +x."""
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    rows = (cos, zero, sin, zero, torch.ones_like(angles), zero, -sin, zero, cos)
    return torch.stack(rows, -1).unflatten(-1, (3, 3))


def slerp(start: Tensor, stop: Tensor, part: Tensor) -> Tensor:
    """The rotation a part of the way from start to stop, by the shorter arc. [..., 4], [..., 4], [...]."""
    start, stop = roma.quat_normalize(start), roma.quat_normalize(stop)
    step = roma.unitquat_to_rotvec(roma.quat_product(roma.quat_conjugation(start), stop), shortest_arc=True)
    return roma.quat_product(start, roma.rotvec_to_unitquat(part[..., None] * step))


def slerp_matrices(start: Tensor, stop: Tensor, part: Tensor | float) -> Tensor:
    """The shortest way from one to the other, [..., 3, 3] twice; part from 0 to 1 is a number or [..., 1]."""
    return start @ axis_angle_to_matrix(part * matrix_to_axis_angle(start.mT @ stop))


def closest_sign(quaternions: Tensor) -> Tensor:
    """The same rotations with signs that never jump along time. quaternions: [T, ..., 4].

    q and -q are one rotation, but interpolation between them takes the long way round.
    """
    dots = (quaternions[1:] * quaternions[:-1]).sum(-1, keepdim=True)
    flips = torch.where(dots < 0, -torch.ones_like(dots), torch.ones_like(dots)).cumprod(0)
    return torch.cat([quaternions[:1], quaternions[1:] * flips])

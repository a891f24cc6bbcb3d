"""Two-bone inverse kinematics: a leg bends at the knee until its ankle is where it should be. Closed form."""

from typing import NamedTuple

import torch
from torch import Tensor

from .rotations import axis_angle_to_matrix

LONGEST = 0.999  # of the leg: at full stretch a millimetre of reach is a large turn of the knee
_STRAIGHT = 0.02  # sine of the angle at the knee below which the three joints span no plane


class LegTurns(NamedTuple):
    """How thigh and shin turn in the world, [..., 3, 3] each."""

    thigh: Tensor
    shin: Tensor


def reach(hip: Tensor, knee: Tensor, ankle: Tensor, target: Tensor, *, hinge: Tensor) -> LegTurns:
    """Turns that bring the ankle to its target; [..., 3] metres each.

    The knee opens or closes in the plane it bends in and to the side it bends to (law of cosines), then the
    leg swings from the hip by the shortest arc. hinge: unit axes, about which a nearly straight knee bends,
    positive is flexion. A target out of reach is approached up to 0.999 of the leg, or the length it had.
    """
    thigh, shin = knee - hip, ankle - knee
    axis, bend = _bend(thigh, shin, hinge)
    opening = axis_angle_to_matrix((_bend_of_distance(thigh, shin, target - hip) - bend)[..., None] * axis)
    bent = thigh + _turned(opening, shin)
    swing = shortest_turn(bent, target - hip)
    return LegTurns(swing, swing @ opening)


def shortest_turn(before: Tensor, after: Tensor) -> Tensor:
    """The smallest rotation from one direction to another, [..., 3] twice -> [..., 3, 3]."""
    return axis_angle_to_matrix(shortest_turn_vector(before, after))


def shortest_turn_vector(before: Tensor, after: Tensor) -> Tensor:
    """`shortest_turn` as a rotation vector, [..., 3] radians; none for directions exactly opposite."""
    axis = torch.linalg.cross(before, after)
    sine = axis.norm(dim=-1, keepdim=True)
    angle = torch.atan2(sine, (before * after).sum(-1, keepdim=True))
    return axis * torch.where(sine > 1e-9, angle / sine.clamp(min=1e-9), 0.0)


def _bend(thigh: Tensor, shin: Tensor, hinge: Tensor) -> tuple[Tensor, Tensor]:
    """Unit axis [..., 3] and angle [...] by which the shin is bent out of the line of the thigh."""
    normal = torch.linalg.cross(thigh, shin)
    size = normal.norm(dim=-1, keepdim=True)
    lengths = thigh.norm(dim=-1, keepdim=True) * shin.norm(dim=-1, keepdim=True)
    bend = torch.atan2(size, (thigh * shin).sum(-1, keepdim=True))
    along = torch.nn.functional.normalize(thigh, dim=-1)
    across = torch.nn.functional.normalize(hinge - (hinge * along).sum(-1, keepdim=True) * along, dim=-1)
    axis = torch.where(size > _STRAIGHT * lengths, normal / size.clamp(min=1e-9), across)
    return axis, bend[..., 0]


def _bend_of_distance(thigh: Tensor, shin: Tensor, wanted: Tensor) -> Tensor:
    """The bend, [...] radians, that puts the ankle as far from the hip as the target is."""
    a, b = thigh.norm(dim=-1), shin.norm(dim=-1)
    longest = torch.maximum(LONGEST * (a + b), (thigh + shin).norm(dim=-1))
    distance = wanted.norm(dim=-1).clamp(min=(a - b).abs() + 0.01 * (a + b)).minimum(longest)
    cosine = (distance.square() - a.square() - b.square()) / (2 * a * b)
    return torch.acos(cosine.clamp(-1, 1))


def _turned(turning: Tensor, vectors: Tensor) -> Tensor:
    return (turning @ vectors[..., None])[..., 0]

"""Manual features: for which share of the time 32 plain statements about the body hold."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from ...motion import Motion
from ...motion.kinematics import forward_kinematics
from ...motion.skeleton import JOINT_NAMES, NUM_JOINTS, joint_index
from .joints_at_60 import checked_joints

# Published speeds take a frame for 1/120 s although the motion has 60 a second, so they are twice the true
# ones. It is kept because every published table has it.
_FRAMES_A_SECOND = 120.0


def manual_features(measured: Motion | Tensor, *, fps: float | None = None) -> Tensor:
    """Shares of time in [0, 1], in the order of `RULES`, [32].

    A motion of any frame rate, or joints [..., T, 24, 3] at 60 fps, y up -> [..., 32].
    Statements of Müller et al. 2005 as chosen by fairmotion and aistplusplus_api (features/manual.py), with
    the right joint order (fairmotion#50). Moving or turning the world changes nothing. Two of the 32 always
    agree (see `RULES`), so their covariance never has full rank.
    """
    joints = checked_joints(measured, fps)
    path = dict(zip(JOINT_NAMES, joints.unbind(-2), strict=True))  # [..., T, 3] each
    up = joints.new_tensor([0, 1, 0]).expand(joints.shape[-3], 3)
    path |= {"origin": 0 * up, "up": up, "lowest": joints[..., 1:2].amin(-2) * up}
    return torch.stack([rule.share(path) for rule in RULES], -1)


def _along(point: Tensor, start: Tensor, tail: Tensor, tip: Tensor) -> Tensor:
    """How far the point lies from the start in the direction tail -> tip, metres."""
    return _project(point - start, tip - tail)[..., 1:]


def _beyond_plane(point: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """How far the point lies beyond the plane through a, b, c, on the side of (c - a) x (b - a), metres."""
    return _project(point - a, torch.linalg.cross(c - a, b - a))[..., 1:]


def _angle(a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    """Angle between a -> b and c -> d, degrees."""
    cosine = _project(b - a, d - c) / (b - a).norm(dim=-1)
    return cosine.clamp(-1, 1).acos().rad2deg()[..., 1:]


def _speed(point: Tensor) -> Tensor:
    return (point.diff(dim=-2) * _FRAMES_A_SECOND).norm(dim=-1)


def _speed_towards(point: Tensor, origin: Tensor, aim: Tensor) -> Tensor:
    """Speed of the point, as seen from the origin, in the direction origin -> aim."""
    return _project((point - origin).diff(dim=-2) * _FRAMES_A_SECOND, (aim - origin)[..., 1:, :])


def _speed_through_plane(point: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """Speed of the point, as seen from a, in the direction (c - a) x (b - a)."""
    return _project((point - a).diff(dim=-2) * _FRAMES_A_SECOND, torch.linalg.cross(c - a, b - a)[..., 1:, :])


def _project(vector: Tensor, direction: Tensor) -> Tensor:
    return (vector * direction).sum(-1) / direction.norm(dim=-1)


class Rule(NamedTuple):
    """A statement: what is measured of which points lies between two limits, in every frame but the first."""

    name: str
    measure: Callable[..., Tensor]  # paths [..., T, 3] -> [..., T - 1]
    points: str
    above: float
    below: float = float("inf")

    def share(self, path: dict[str, Tensor]) -> Tensor:
        """Share of frames in which it holds; what has no direction, as a point on itself, does not hold."""
        value = self.measure(*(path[point] for point in self.points.split()))
        return ((value > self.above) & (value < self.below)).double().mean(-1)


def _rest_distance(a: str, b: str) -> float:
    """Distance of two joints at rest, metres: the published constants, whose body is ours."""
    rest = forward_kinematics(torch.eye(3).expand(NUM_JOINTS, 3, 3), torch.zeros(3))
    return float((rest[joint_index(a)] - rest[joint_index(b)]).norm())


_ARM = _rest_distance("left_shoulder", "left_elbow")  # 0.257 m
_SHOULDERS = _rest_distance("left_shoulder", "right_shoulder")  # 0.391 m
_HIPS = _rest_distance("left_hip", "right_hip")  # 0.119 m
_ANY = -float("inf")

# Two oddities of the published code are kept. "chest rises" comes twice, once for each hand, as the joint
# that should be the hand is never read. And the planes of the two moving hands, and of the two feet, are no
# mirror images: one side asks for "back" or "behind" where the other asks for "forward" or "in front".
RULES = (
    Rule("right hand moves back", _speed_through_plane, "right_wrist neck right_hip left_hip", 1.8 * _ARM),
    Rule("left hand moves forward", _speed_through_plane, "left_wrist neck left_hip right_hip", 1.8 * _ARM),
    Rule("right hand above neck", _along, "right_wrist neck spine3 neck", 0.2 * _ARM),
    Rule("left hand above neck", _along, "left_wrist neck spine3 neck", 0.2 * _ARM),
    Rule("chest rises", _speed_towards, "spine3 spine1 spine3", 1.8 * _ARM),
    Rule("chest rises, again", _speed_towards, "spine3 spine1 spine3", 1.8 * _ARM),
    Rule("right elbow bent", _angle, "right_elbow right_shoulder right_elbow right_wrist", 0, 110),
    Rule("left elbow bent", _angle, "left_elbow left_shoulder left_elbow left_wrist", 0, 110),
    Rule("hands apart", _along, "right_wrist left_wrist left_shoulder right_shoulder", 2.5 * _SHOULDERS),
    Rule("hands part", _speed_towards, "right_wrist left_wrist right_wrist", 1.4 * _ARM),
    Rule("left hand to pelvis", _speed_towards, "left_wrist right_wrist pelvis", 1.4 * _ARM),
    Rule("right hand to pelvis", _speed_towards, "right_wrist left_wrist pelvis", 1.4 * _ARM),
    Rule("right hand fast", _speed, "right_wrist", 2.5 * _ARM),
    Rule("left hand fast", _speed, "left_wrist", 2.5 * _ARM),
    Rule("right foot in front", _beyond_plane, "right_ankle pelvis left_hip left_foot", 0.38 * _ARM),
    Rule("left foot behind", _beyond_plane, "left_ankle pelvis right_hip right_foot", 0.38 * _ARM),
    Rule("right foot raised", _along, "right_ankle lowest origin up", 1.2 * _ARM),
    Rule("left foot raised", _along, "left_ankle lowest origin up", 1.2 * _ARM),
    Rule("feet apart", _along, "right_ankle left_ankle left_hip right_hip", 2.1 * _HIPS),
    Rule("right knee bent", _angle, "right_knee right_hip right_knee right_ankle", 0, 110),
    Rule("left knee bent", _angle, "left_knee left_hip left_knee left_ankle", 0, 110),
    Rule("right foot fast", _speed, "right_ankle", 2.5 * _ARM),
    Rule("left foot fast", _speed, "left_ankle", 2.5 * _ARM),
    Rule("right arm off the trunk", _angle, "neck pelvis right_shoulder right_elbow", 25, 180),
    Rule("left arm off the trunk", _angle, "neck pelvis left_shoulder left_elbow", 25, 180),
    Rule("right thigh off the trunk", _angle, "neck pelvis right_hip right_knee", 50, 180),
    Rule("left thigh off the trunk", _angle, "neck pelvis left_hip left_knee", 50, 180),
    Rule("pelvis in front", _beyond_plane, "pelvis right_ankle neck left_ankle", 0.5 * _ARM),
    Rule("trunk lies", _angle, "neck pelvis origin up", 70, 110),
    Rule("right hand low", _along, "right_wrist lowest origin up", _ANY, 1.2 * _ARM),
    Rule("left hand low", _along, "left_wrist lowest origin up", _ANY, 1.2 * _ARM),
    Rule("pelvis fast", _speed, "pelvis", 2.3 * _ARM),
)

"""Feet that stand where they stand: planted joints are held still, legs follow by two-bone IK.

The body's path follows its planted feet (`foot_path.py`). What is left is theirs alone: a planted joint is
put where it was on average, and between plants its shift is let go along a smooth curve. In the end the legs
are calmed: over a foot that stands a hip still trembles, and the knee between them would jump.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from .easing import fill_between
from .foot_path import path_of_feet
from .kinematics import joint_transforms
from .motion import Motion
from .planted import Span, planted_spans
from .rotations import axis_angle_to_matrix, matrix_to_quaternion
from .skeleton import joint_indices
from .smoothing import smooth_rotations
from .two_bone_ik import LONGEST, reach, shortest_turn, shortest_turn_vector

ANKLE_HEIGHT, BALL_HEIGHT = 0.078, 0.017  # metres above the sole at rest, of the body in motion/body.npz
_EASE = 0.35  # seconds in which a shift is taken up or let go
_CALM = 0.065  # seconds, of the Gaussian over a leg's rotations
_STEP = 0.1  # metres: the height from which on feet stand on something other than the floor
_SINK = 0.005  # metres: how deep a swinging foot may still go into the floor
_LEGS = [
    joint_indices(tuple(f"{side}_{at}" for at in ("hip", "knee", "ankle", "foot")))
    for side in ("left", "right")
]


class _Foot(NamedTuple):
    """Where a foot should be."""

    ankle: Tensor  # [T, 3]
    turn: Tensor  # [T, 3] rotation vector, of the foot about its ankle


def lock_feet(motion: Motion, *, follow_feet: bool = True, level: bool = False) -> Motion:
    """The same motion with planted feet held still and none under the floor; contacts say which are held.

    First the whole body follows its planted feet, unless its path is to stay, and comes down to the floor;
    then knees and feet alone move as far as they have to, and calmly: around the pelvis everything else
    stays as it was. Level, feet are held over the floor alone and their heights stay: where these are to
    be trusted, a knee would bend for nothing to keep a heel from rising. A motion without contacts whose
    feet stay above the floor comes back as it is.
    """
    orientations, joints = joint_transforms(motion.matrices(), motion.root)
    spans = planted_spans(joints, motion.contacts, fps=motion.fps)
    shift = _onto_floor(orientations, joints, spans).expand_as(motion.root)
    if follow_feet:
        shift = shift + path_of_feet(joints, spans, fps=motion.fps)
    joints = joints + shift[:, None]
    spans = planted_spans(joints, motion.contacts, fps=motion.fps)  # more feet stand still now
    rotations = motion.rotations.clone()
    for side, leg in enumerate(_LEGS):
        foot = _foot(orientations, joints, leg, (spans[side], spans[side + 2]), motion.fps, level=level)
        if (foot.ankle != joints[:, leg[2]]).any() or (foot.turn != 0).any():
            turned = smooth_rotations(_leg(orientations, joints, leg, foot), _CALM * motion.fps)
            rotations[:, leg[:3]] = matrix_to_quaternion(turned)
    return replace(motion, rotations=rotations, root=motion.root + shift, contacts=_labels(spans, motion))


def lock_features(features: Tensor, *, fps: float, follow_feet: bool = True, level: bool = False) -> Tensor:
    """`lock_feet` of several motions as features, not normalised: [N, T, 151] -> the same shape."""
    motions = (Motion.unpack(one, fps=fps) for one in features)
    locked = (lock_feet(motion, follow_feet=follow_feet, level=level) for motion in motions)
    return torch.stack([motion.pack() for motion in locked])


def _foot(
    orientations: Tensor,
    joints: Tensor,
    leg: list[int],
    spans: tuple[list[Span], list[Span]],
    fps: float,
    *,
    level: bool,
) -> _Foot:
    """Held where it stands, let go in between, lifted where it would sink."""
    ankle, ball = joints[:, leg[2]], joints[:, leg[3]]
    heights = _least_heights(orientations[:, leg[2]])
    held, targets = _targets(torch.stack([ankle, ball], 1), heights, spans)
    if level:
        targets[:, 0, 1], targets[:, 1, 1] = ankle[:, 1], ball[:, 1]
    ease = max(2, round(_EASE * fps))
    turn = shortest_turn_vector(ball - ankle, targets[:, 1] - targets[:, 0])
    turn = fill_between(turn, held.all(1), ease)
    sole = (axis_angle_to_matrix(turn) @ (ball - ankle)[..., None])[..., 0]
    wanted = torch.where(held[:, :1], targets[:, 0], targets[:, 1] - sole)
    shift = fill_between(wanted - ankle, held.any(1) & ~_handed_over(held), ease)
    return _Foot(_above_floor(ankle + shift, sole, heights), turn)


def _onto_floor(orientations: Tensor, joints: Tensor, spans: list[list[Span]]) -> Tensor:
    """How far the whole motion comes up or down, [3]: feet that stand do so on the floor, half the time.

    Feet further from the floor than a step stand on something else.
    """
    held, clear = joints.new_zeros(2, len(joints), dtype=torch.bool), []
    for side, leg in enumerate(_LEGS):
        for start, stop in spans[side] + spans[side + 2]:
            held[side, start:stop] = True
        clear.append((joints[:, leg[2:], 1] - _least_heights(orientations[:, leg[2]])).amin(1))
    lowest = torch.stack(clear).masked_fill(~held, torch.inf).amin(0)
    down = lowest[held.any(0)].median() if held.any() else joints.new_zeros(())
    return joints.new_tensor([0, -1, 0]) * torch.where(down.abs() < _STEP, down, 0.0)


def _targets(path: Tensor, heights: Tensor, spans: tuple[list[Span], list[Span]]) -> tuple[Tensor, Tensor]:
    """Which of ankle and ball are held, [T, 2], and where, [T, 2, 3]; path: [T, 2, 3], heights: [T, 2].

    A joint stands at the mean of its span; when the other one of the foot stands already, as far from it
    as the foot is long.
    """
    held, targets = torch.zeros_like(heights, dtype=torch.bool), path.clone()
    ordered = sorted((start, stop, joint) for joint in (0, 1) for start, stop in spans[joint])
    length = (path[0, 1] - path[0, 0]).norm()
    for start, stop, joint in ordered:
        target = path[start:stop, joint].mean(0)
        target[1] = torch.maximum(target[1], heights[start:stop, joint].mean())
        together = held[start:stop, 1 - joint]
        if together.any():
            other = targets[start:stop, 1 - joint][together][0]
            target = _at_distance(target, other, length)
        held[start:stop, joint] = True
        targets[start:stop, joint] = target
    return held, targets


def _at_distance(point: Tensor, other: Tensor, length: Tensor) -> Tensor:
    """A point moved over the floor until it is so far from the other."""
    apart = point - other
    level = (length.square() - apart[1].square()).clamp(min=0).sqrt()
    scale = level / apart[[0, 2]].norm().clamp(min=1e-6)
    return other + apart * torch.stack([scale, torch.ones_like(scale), scale])


def _handed_over(held: Tensor) -> Tensor:
    """Frames [T] around those where ankle and ball take turns without ever standing together, [T, 2]."""
    alone = held & ~held.flip(1)
    taken = torch.nn.functional.pad((alone[:-1] & alone[1:].flip(1)).any(1), (2, 3))
    return torch.stack([taken[at : at + len(held)] for at in range(4)]).any(0)


def _least_heights(orientations: Tensor) -> Tensor:
    """How high ankle and ball have to be for the sole to be on the floor, [T, 3, 3] -> [T, 2] metres."""
    upright = orientations[:, 1, 1].clamp(0.4, 1)  # the heel of a foot that lies on its side is no lower
    return torch.stack([ANKLE_HEIGHT * upright, torch.full_like(upright, BALL_HEIGHT)], 1)


def _above_floor(ankle: Tensor, sole: Tensor, heights: Tensor) -> Tensor:
    """Lifted so that neither heel nor ball is far below the floor."""
    clear = torch.minimum(ankle[:, 1] - heights[:, 0], (ankle + sole)[:, 1] - heights[:, 1]).clamp(max=0)
    lift = _SINK * torch.expm1(clear / _SINK) - clear
    return ankle + lift[:, None] * ankle.new_tensor([0, 1, 0])


def _leg(orientations: Tensor, joints: Tensor, leg: list[int], foot: _Foot) -> Tensor:
    """Rotations of hip, knee and ankle relative to their parents that bring the foot there, [T, 3, 3, 3]."""
    hip, knee, ankle, ball = joints[:, leg].unbind(1)
    turning = axis_angle_to_matrix(foot.turn)
    sole = (turning @ (ball - ankle)[..., None])[..., 0]
    target = _reachable(foot.ankle, sole, hip, knee, ankle)
    swung, bent = reach(hip, knee, ankle, target, hinge=orientations[:, leg[0], :, 0])
    rolled = shortest_turn(sole, foot.ankle + sole - target)
    thigh, shin, sole_orientation = (
        turned @ orientations[:, joint]
        for turned, joint in zip((swung, bent, rolled @ turning), leg[:3], strict=True)
    )
    return torch.stack([orientations[:, 0].mT @ thigh, thigh.mT @ shin, shin.mT @ sole_orientation], 1)


def _reachable(wanted: Tensor, sole: Tensor, hip: Tensor, knee: Tensor, ankle: Tensor) -> Tensor:
    """The ankle's target, [T, 3]; beyond the leg's reach the heel rises and the ball stays where it is."""
    ball, length = wanted + sole, sole.norm(dim=-1, keepdim=True)
    before = (ankle - hip).norm(dim=-1, keepdim=True)
    longest = LONGEST * ((knee - hip).norm(dim=-1) + (ankle - knee).norm(dim=-1))[:, None]
    room = (longest - before).clamp(min=0)
    for _ in range(4):  # onto what the leg reaches and round the ball, in turn
        away = wanted - hip
        distance = away.norm(dim=-1, keepdim=True)
        near = hip + away * (before + _softly(distance - before, room)) / distance.clamp(min=1e-6)
        wanted = ball + length * torch.nn.functional.normalize(near - ball, dim=-1)
    return near


def _softly(stretch: Tensor, room: Tensor) -> Tensor:
    """Half of the room is free, the other half is never quite used up."""
    half = 0.5 * room
    beyond = (stretch - half).clamp(min=0)
    eased = -half * torch.expm1(-beyond / half.clamp(min=1e-6))
    return torch.minimum(stretch, half) + eased


def _labels(spans: list[list[Span]], motion: Motion) -> Tensor:
    labels = torch.zeros_like(motion.contacts)
    for joint, held in enumerate(spans):
        for start, stop in held:
            labels[start : stop - (stop < len(motion)), joint] = 1
    return labels

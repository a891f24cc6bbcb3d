"""BVH of foreign skeletons, retargeted to SMPL: limbs point where the rig's limbs point."""

from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..motion import JOINT_NAMES, PARENTS, Motion
from ..motion.body import rest_joints
from ..motion.rotations import axis_angle_to_matrix, matrix_to_quaternion
from ..motion.skeleton import joint_index
from ..whole_file import shortened
from .bvh_hierarchy import BvhJoint
from .bvh_parser import BvhFile, joint_rotation, parse_bvh
from .rig_names import find_rig

MAX_REST_ANGLE = (
    60.0  # degrees between a limb of the rig and SMPL's T-pose: A-poses pass, hanging arms do not
)

# Limbs whose rest direction is matched: joint -> the joint it points to.
_LIMBS = {
    f"{side}_{joint}": f"{side}_{end}"
    for side in ("left", "right")
    for joint, end in {"hip": "knee", "knee": "ankle", "shoulder": "elbow", "elbow": "wrist"}.items()
}


def retarget_bvh(path: str | Path, *, names: dict[str, str] | None = None) -> Motion:
    """Read a BVH whose rest pose is a T-pose, of any size, unit and up axis, at its own frame rate.

    Each SMPL joint turns in the world as the rig's joint does, after SMPL's limbs were laid onto the rig's
    in the rest pose. The path is scaled by the length of the legs; the height of the floor stays as it is.
    names: SMPL joint -> joint of the rig, for names other than CMU's and MotionBuilder's.
    """
    file = parse_bvh(path)
    try:
        return _retarget(file, find_rig(file.joints, names))
    except ValueError as error:
        raise ValueError(f"cannot retarget {path}: {shortened(error)}") from error


def _retarget(file: BvhFile, rig: dict[str, int]) -> Motion:
    rest = {name: _rest_position(file.joints, joint) for name, joint in rig.items()}
    axes = _upright_axes(rest)
    rest = {name: axes @ position for name, position in rest.items()}
    turns, pelvis = _world_turns(file, rig)
    turns = {name: axes @ turn @ axes.mT for name, turn in turns.items()}  # [T, 3, 3], the world y up
    orientations = _orientations(turns, _rest_corrections(rest))
    root = _root(pelvis @ axes.mT, turns["pelvis"], orientations[:, 0], rest)
    parents = orientations[:, list(PARENTS)]
    parents[:, 0] = torch.eye(3)
    quaternions = matrix_to_quaternion(parents.mT @ orientations)
    return Motion.from_rotations(quaternions.float(), root.float(), fps=file.fps)


def _rest_position(joints: list[BvhJoint], joint: int) -> Tensor:
    """Where a joint is when nothing turns, [3] in the file's units, from the root."""
    position = np.zeros(3)
    while joints[joint].parent >= 0:
        position += joints[joint].offset
        joint = joints[joint].parent
    if not np.isfinite(position).all():
        raise ValueError("some of its offsets are not finite")
    return torch.from_numpy(position)


def _upright_axes(rest: dict[str, Tensor]) -> Tensor:
    """Rows left, up and forward of the rig at rest, each an axis of the file, [3, 3]."""
    across = rest["left_hip"] - rest["right_hip"] + rest["left_shoulder"] - rest["right_shoulder"]
    along = rest["neck"] - (rest["left_hip"] + rest["right_hip"]) / 2
    left, up = _nearest_axis(across), _nearest_axis(along)
    forward = torch.linalg.cross(left, up)
    if not forward.any():
        raise ValueError("its rest pose is not a T-pose: shoulders and spine point the same way")
    return torch.stack([left, up, forward])


def _nearest_axis(direction: Tensor) -> Tensor:
    axis = torch.zeros_like(direction)
    largest = direction.abs().argmax()
    axis[largest] = direction[largest].sign()
    return axis


def _world_turns(file: BvhFile, rig: dict[str, int]) -> tuple[dict[str, Tensor], Tensor]:
    """How each joint of the rig has turned in the world since the rest pose, [T, 3, 3], and the path of its
    pelvis, [T, 3] in the file's units."""
    turns: dict[int, Tensor] = {}
    places: dict[int, Tensor] = {}
    for joint in sorted({above for used in rig.values() for above in _ancestry(file.joints, used)}):
        turn = joint_rotation(file.joints[joint], file.numbers)
        place = torch.from_numpy(_translation(file.joints[joint], file.numbers))
        parent = file.joints[joint].parent
        if parent >= 0:
            place = places[parent] + (turns[parent] @ place[..., None])[..., 0]
            turn = turns[parent] @ turn
        turns[joint], places[joint] = turn, place
    return {name: turns[joint] for name, joint in rig.items()}, places[rig["pelvis"]]


def _ancestry(joints: list[BvhJoint], joint: int) -> list[int]:
    """A joint and all joints it hangs on."""
    ancestry = []
    while joint >= 0:
        ancestry.append(joint)
        joint = joints[joint].parent
    return ancestry


def _translation(joint: BvhJoint, numbers: ndarray) -> ndarray:
    """From the parent to the joint, [T, 3]: its position channels, or its offset where it has none."""
    translation = np.tile(np.array(joint.offset, dtype=np.float64), (len(numbers), 1))
    for column, name in joint.channels.items():
        if name.endswith("position"):
            translation[:, "xyz".index(name[0])] = numbers[:, column]
    return translation


def _rest_corrections(rest: dict[str, Tensor]) -> Tensor:
    """What lays each of SMPL's bones onto the rig's in the rest pose, [24, 3, 3].

    Trunk, neck and head stand upright in both and stay; limbs turn the shortest way; a hand is in line with
    its forearm. A foot keeps its angle to the shin, as its sole is flat in both, and may point outwards.
    """
    ours = dict(zip(JOINT_NAMES, rest_joints().double(), strict=True))
    corrections = torch.eye(3, dtype=torch.float64).repeat(len(JOINT_NAMES), 1, 1)
    for joint, end in _LIMBS.items():
        swing = _shortest_turn(ours[end] - ours[joint], rest[end] - rest[joint])
        if _degrees(swing) > MAX_REST_ANGLE:
            raise ValueError(
                f"its rest pose is not a T-pose: {joint} is {_degrees(swing):.0f} degrees away from it"
            )
        corrections[joint_index(joint)] = swing
    for side in ("left", "right"):
        shin, forearm = (corrections[joint_index(f"{side}_{bone}")] for bone in ("knee", "elbow"))
        foot = shin @ _yaw_of_foot(side, ours, rest, shin)
        for part, correction in {"ankle": foot, "foot": foot, "wrist": forearm, "hand": forearm}.items():
            corrections[joint_index(f"{side}_{part}")] = correction
    return corrections


def _yaw_of_foot(side: str, ours: dict[str, Tensor], rest: dict[str, Tensor], shin: Tensor) -> Tensor:
    """How far the rig's foot points further outwards than SMPL's, once their shins are in line."""
    ankle, toe = f"{side}_ankle", f"{side}_foot"
    level = torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64)
    their_foot = shin.mT @ (rest[toe] - rest[ankle]) * level if toe in rest else torch.zeros(3)
    if their_foot.norm() < 1e-9:
        return torch.eye(3, dtype=torch.float64)
    return _shortest_turn((ours[toe] - ours[ankle]) * level, their_foot)


def _shortest_turn(start: Tensor, end: Tensor) -> Tensor:
    """The rotation about the common normal that turns one direction into the other, [3, 3]."""
    if not end.norm() > 0:
        raise ValueError("some of its limbs have no length")
    normal = torch.linalg.cross(start, end)
    angle = torch.atan2(normal.norm(), start @ end)
    return axis_angle_to_matrix(torch.nn.functional.normalize(normal, dim=0) * angle)


def _degrees(turn: Tensor) -> float:
    return float(torch.rad2deg(((turn.trace() - 1) / 2).clamp(-1, 1).acos()))


def _orientations(turns: dict[str, Tensor], corrections: Tensor) -> Tensor:
    """Orientation of every SMPL joint in the world, [T, 24, 3, 3]; what the rig lacks follows its parent."""
    orientations: list[Tensor] = []
    for joint, name in enumerate(JOINT_NAMES):
        known = name in turns
        orientations.append(turns[name] @ corrections[joint] if known else orientations[PARENTS[joint]])
    return torch.stack(orientations, 1)


def _root(pelvis: Tensor, turn: Tensor, orientation: Tensor, rest: dict[str, Tensor]) -> Tensor:
    """The path of SMPL's pelvis, [T, 3] metres, on which its hips move as the rig's hips do.

    pelvis: [T, 3] of the rig; turn, orientation: [T, 3, 3] of the rig's and of SMPL's pelvis.
    """
    ours = dict(zip(JOINT_NAMES, rest_joints().double(), strict=True))
    scale = _leg_length(ours) / _leg_length(rest)
    their_hips = (turn @ (_middle_of_hips(rest) - rest["pelvis"])[:, None])[..., 0]
    our_hips = (orientation @ (_middle_of_hips(ours) - ours["pelvis"])[:, None])[..., 0]
    return scale * (pelvis + their_hips) - our_hips


def _middle_of_hips(rest: dict[str, Tensor]) -> Tensor:
    return (rest["left_hip"] + rest["right_hip"]) / 2


def _leg_length(rest: dict[str, Tensor]) -> Tensor:
    """Thigh and shin, mean of both legs, in the units of the positions."""
    bones = [("hip", "knee"), ("knee", "ankle")]
    return sum((rest[f"{s}_{a}"] - rest[f"{s}_{b}"]).norm() for a, b in bones for s in ("left", "right")) / 2

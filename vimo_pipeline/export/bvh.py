"""BVH: a skeleton and its animation as text, y up, and back."""

import math
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy import ndarray

from ..motion import JOINT_NAMES, PARENTS, Motion
from ..motion.rotations import matrix_to_quaternion
from ..motion.skeleton import rest_offsets
from ..whole_file import shortened, whole_file
from .bvh_hierarchy import BvhJoint
from .bvh_parser import BvhFile, joint_rotation, parse_bvh

Unit = Literal["cm", "m"]
UNITS_PER_METRE = {"cm": 100.0, "m": 1.0}
MAX_REST_ANGLE = 25  # degrees between a bone of a file and ours at rest: other SMPL shapes stay below

# Z, X, Y: a body that turns on its feet or bends forward stays far from the order's singularity (x = 90).
_ROTATIONS = "Zrotation Xrotation Yrotation"
# Where bones without a child end, metres: crown, toes and fingers. They only give viewers something to draw.
_END_SITES = {
    "head": (0.0, 0.19, 0.02), "left_foot": (0.0, -0.01, 0.08), "right_foot": (0.0, -0.01, 0.08),
    "left_hand": (0.1, 0.0, 0.0), "right_hand": (-0.1, 0.0, 0.0),
}  # fmt: skip


def write_bvh(motion: Motion, path: str | Path, *, unit: Unit = "cm") -> None:
    """Write a BVH of the 24 SMPL joints by their names.

    Lengths are centimetres, as most programs expect (in Blender import with scale 0.01); the root's offset
    is zero, so that position channels mean the same in programs that add the offset and in those that do not.
    """
    if unit not in UNITS_PER_METRE:
        raise ValueError(f"unit must be 'cm' or 'm', got {unit!r}")
    scale = UNITS_PER_METRE[unit]
    angles = _matrix_to_zxy(motion.matrices().detach().cpu().double().numpy())  # [T, 24, 3] degrees
    root = motion.root.detach().cpu().double().numpy() * scale
    numbers = np.concatenate([root, angles[:, _depth_first(0)].reshape(len(motion), -1)], 1)
    with whole_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write("HIERARCHY\n" + "\n".join(_hierarchy(0, scale)) + "\nMOTION\n")
        file.write(f"Frames: {len(motion)}\nFrame Time: {1 / motion.fps:.8f}\n")
        np.savetxt(file, numbers, fmt="%.6f")


def read_bvh(path: str | Path) -> Motion:
    """Read a BVH whose joints carry the SMPL names, in any case, channel order and unit (cm or m)."""
    file = parse_bvh(path)
    try:
        return _assemble(file, _find_skeleton(file.joints))
    except ValueError as error:
        raise ValueError(f"cannot read {path}: {shortened(error)}") from error


def _depth_first(joint: int) -> list[int]:
    """A joint and all below it, in the order in which a BVH file lists them."""
    return [joint, *(below for child in _children(joint) for below in _depth_first(child))]


def _children(joint: int) -> list[int]:
    return [child for child, parent in enumerate(PARENTS) if parent == joint]


def _hierarchy(joint: int, scale: float, depth: int = 0) -> list[str]:
    """The lines that describe a joint and all below it."""
    name, tab = JOINT_NAMES[joint], "\t" * depth
    channels = f"6 Xposition Yposition Zposition {_ROTATIONS}" if joint == 0 else f"3 {_ROTATIONS}"
    lines = [f"{tab}{'JOINT' if depth else 'ROOT'} {name}", f"{tab}{{"]
    lines += [f"{tab}\t{_offset_line(rest_offsets()[joint].tolist(), scale)}", f"{tab}\tCHANNELS {channels}"]
    for child in _children(joint):
        lines += _hierarchy(child, scale, depth + 1)
    if name in _END_SITES:
        end = _offset_line(_END_SITES[name], scale)
        lines += [f"{tab}\tEnd Site", f"{tab}\t{{", f"{tab}\t\t{end}", f"{tab}\t}}"]
    return [*lines, f"{tab}}}"]


def _offset_line(offset, scale: float) -> str:
    return "OFFSET " + " ".join(f"{number * scale:.6f}" for number in offset)


def _matrix_to_zxy(matrices: ndarray) -> ndarray:
    """Angles z, x, y in degrees with R = Rz Rx Ry, continuous along time: [T, 24, 3, 3] -> [T, 24, 3].

    y is measured after z has been undone, so the product is right even where x = 90 degrees leaves z free.
    """
    z = np.arctan2(-matrices[..., 0, 1], matrices[..., 1, 1])
    x = np.arctan2(matrices[..., 2, 1], np.hypot(matrices[..., 0, 1], matrices[..., 1, 1]))
    first_row = np.cos(z)[..., None] * matrices[..., 0, :] + np.sin(z)[..., None] * matrices[..., 1, :]
    y = np.arctan2(first_row[..., 2], first_row[..., 0])
    return np.degrees(np.unwrap(np.stack([z, x, y], -1), axis=0))


def _find_skeleton(joints: list[BvhJoint]) -> list[int]:
    """For each SMPL joint its index in the file. Further joints (fingers, toes) are left out."""
    index = {joint.name: number for number, joint in enumerate(joints)}
    missing = [name for name in JOINT_NAMES if name not in index]
    if missing:
        raise ValueError(
            f"its skeleton is not SMPL-24: it has no {', '.join(missing)}; retarget it to SMPL first"
        )
    ours = [index[name] for name in JOINT_NAMES]
    for joint, parent in enumerate(PARENTS):
        if joint and joints[ours[joint]].parent != ours[parent]:
            raise ValueError(f"{JOINT_NAMES[joint]} does not hang on {JOINT_NAMES[parent]} as in SMPL")
    return ours


def _assemble(file: BvhFile, ours: list[int]) -> Motion:
    """Rotations and root in metres. Bones keep our lengths; positions below the root are ignored."""
    joints = file.joints
    scale = _units_per_metre([joints[index].offset for index in ours])
    columns = {name: column for column, name in joints[ours[0]].channels.items()}
    try:
        position = np.stack([file.numbers[:, columns[f"{axis}position"]] for axis in "xyz"], 1) / scale
    except KeyError as error:
        raise ValueError(f"the root has no channel {error.args[0]}") from error
    rotations = [joint_rotation(joints[index], file.numbers) for index in ours]
    quaternions = matrix_to_quaternion(torch.stack(rotations, 1)).float()
    return Motion.from_rotations(quaternions, torch.from_numpy(position).float(), fps=file.fps)


def _units_per_metre(offsets: list[list[float]]) -> float:
    """100 or 1, by the length of the bones; refuses a rest pose that is not SMPL's T-pose."""
    wanted, found = rest_offsets().double().numpy()[1:], np.array(offsets)[1:]
    lengths = np.linalg.norm(found, axis=1)
    if found.shape != wanted.shape or not np.isfinite(lengths).all() or lengths.min() == 0:
        raise ValueError("some of its bones have no length")
    cosine = (wanted * found).sum(1) / np.linalg.norm(wanted, axis=1) / lengths
    if cosine.min() < math.cos(math.radians(MAX_REST_ANGLE)):
        worst = JOINT_NAMES[1 + int(cosine.argmin())]
        raise ValueError(f"its rest pose is not SMPL's T-pose: the bone to {worst} points elsewhere")
    ratio = lengths.sum() / np.linalg.norm(wanted, axis=1).sum()
    return min(UNITS_PER_METRE.values(), key=lambda units: abs(math.log(ratio / units)))

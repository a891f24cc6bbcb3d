"""Foreign skeletons and a plain writer of their BVH files."""

from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation


def _side(side: str, sign: float, joints: list[tuple]) -> list[tuple]:
    """Joints of one side of the body: names filled in, x mirrored."""
    fill = {"side": side, "s": side[0]}
    return [
        (name.format(**fill), parent.format(**fill), (sign * x, y, z)) for name, parent, (x, y, z) in joints
    ]


# Subject 1 as the CMU BVH conversions have it: legs spread by 20 degrees at rest, lengths in 0.45 inches.
_CMU_LEG = [
    ("{s}HipJoint", "Hips", (0, 0, 0)), ("{side}UpLeg", "{s}HipJoint", (1.36306, -1.79463, 0.83929)),
    ("{side}Leg", "{side}UpLeg", (2.44811, -6.72613, 0)), ("{side}Foot", "{side}Leg", (2.5622, -7.03959, 0)),
    ("{side}ToeBase", "{side}Foot", (0.15764, -0.43311, 2.32255)),
]  # fmt: skip
_CMU_ARM = [
    ("{side}Shoulder", "Spine1", (0, 0, 0)), ("{side}Arm", "{side}Shoulder", (3.36241, 1.20089, -0.31121)),
    ("{side}ForeArm", "{side}Arm", (4.983, 0, 0)), ("{side}Hand", "{side}ForeArm", (3.48356, 0, 0)),
    ("{side}FingerBase", "{side}Hand", (0, 0, 0)),
    ("{side}HandIndex1", "{side}FingerBase", (0.71526, 0, 0)), ("{s}Thumb", "{side}Hand", (0, 0, 0)),
]  # fmt: skip
CMU = [
    ("Hips", "", (0, 0, 0)), *_side("Left", 1, _CMU_LEG), *_side("Right", -1, _CMU_LEG),
    ("LowerBack", "Hips", (0, 0, 0)), ("Spine", "LowerBack", (0.02827, 2.03559, -0.19338)),
    ("Spine1", "Spine", (0.05672, 2.04885, -0.04275)), ("Neck", "Spine1", (0, 0, 0)),
    ("Neck1", "Neck", (-0.05417, 1.74624, 0.17202)), ("Head", "Neck1", (0.10407, 1.76136, -0.12397)),
    *_side("Left", 1, _CMU_ARM), *_side("Right", -1, _CMU_ARM),
]  # fmt: skip

_MOTIONBUILDER_LEG = [
    ("{side}UpLeg", "Hips", (9, -5, 0)), ("{side}Leg", "{side}UpLeg", (0, -42, 0)),
    ("{side}Foot", "{side}Leg", (0, -41, -2)), ("{side}ToeBase", "{side}Foot", (1, -7, 14)),
]  # fmt: skip
_MOTIONBUILDER_ARM = [
    ("{side}Shoulder", "Spine2", (6, 12, -1)), ("{side}Arm", "{side}Shoulder", (12, 0, -2)),
    ("{side}ForeArm", "{side}Arm", (27, 0, 0)), ("{side}Hand", "{side}ForeArm", (26, 0, 0)),
]  # fmt: skip
MOTIONBUILDER = [
    ("Hips", "", (0, 0, 0)), ("Spine", "Hips", (0, 10, -1)), ("Spine1", "Spine", (0, 12, 0)),
    ("Spine2", "Spine1", (0, 12, 0)), ("Neck", "Spine2", (0, 15, 1)), ("Head", "Neck", (0, 9, 2)),
    *_side("Left", 1, _MOTIONBUILDER_ARM), *_side("Right", -1, _MOTIONBUILDER_ARM),
    *_side("Left", 1, _MOTIONBUILDER_LEG), *_side("Right", -1, _MOTIONBUILDER_LEG),
]  # fmt: skip


def write_rig(path: Path, rig: list[tuple], root, degrees, *, fps: float = 30.0, prefix: str = "") -> Path:
    """A BVH of any skeleton. root: [T, 3]; degrees: [T, J, 3] about z, y, x, joints as in `rig`."""
    order: list[int] = []
    lines = _hierarchy(rig, 0, prefix, order)
    numbers = np.concatenate([root, np.asarray(degrees)[:, order].reshape(len(root), -1)], 1)
    rows = [" ".join(f"{number:.6f}" for number in row) for row in numbers]
    head = ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {1 / fps:.7f}"]
    path.write_text("\n".join(["HIERARCHY", *lines, *head, *rows]) + "\n")
    return path


def _hierarchy(rig: list[tuple], joint: int, prefix: str, order: list[int]) -> list[str]:
    name, parent, offset = rig[joint]
    order.append(joint)
    places = "" if parent else "Xposition Yposition Zposition "
    channels = f"CHANNELS {3 if parent else 6} {places}Zrotation Yrotation Xrotation"
    below = [number for number, (_, above, _) in enumerate(rig) if above == name]
    inside = [line for child in below for line in _hierarchy(rig, child, prefix, order)]
    inside = inside or ["End Site", "{", "OFFSET 0 0 1", "}"]
    opening = [f"{'JOINT' if parent else 'ROOT'} {prefix}{name}", "{"]
    return [*opening, "OFFSET " + " ".join(map(str, offset)), channels, *inside, "}"]


def rig_joints(rig: list[tuple], root, degrees) -> dict[str, np.ndarray]:
    """Where the joints are, [T, 3] each: the slow twin of every reader."""
    turns, places = {}, {}
    for number, (name, parent, offset) in enumerate(rig):
        turn = Rotation.from_euler("ZYX", np.asarray(degrees)[:, number], degrees=True)
        turns[name] = turns[parent] * turn if parent else turn
        places[name] = places[parent] + turns[parent].apply(offset) if parent else np.asarray(root)
    return places

"""BVH files of any skeleton: its joints, and the numbers of every frame."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..motion.rotations import axis_angle_to_matrix
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import MAX_FRAMES, check_length, read_whole, shortened
from .bvh_hierarchy import BvhJoint, parse_hierarchy

MAX_BYTES = 64 * 2**20  # 45 minutes of 24 joints at 30 fps
MAX_JOINT_FRAMES = MAX_FRAMES * NUM_JOINTS  # a skeleton of more joints may move for less long


@dataclass(frozen=True)
class BvhFile:
    """What a file holds, in its own units and names."""

    joints: list[BvhJoint]  # parents before children; end sites are left out
    numbers: ndarray  # [T, channels]
    fps: float


def parse_bvh(path: str | Path) -> BvhFile:
    """Read the text and check that it is whole; what the joints mean is for others to say."""
    text = read_whole(path, max_bytes=MAX_BYTES).decode("utf-8-sig", errors="replace")
    parts = re.split(r"^[ \t]*MOTION[ \t\r]*$", text, maxsplit=1, flags=re.IGNORECASE | re.MULTILINE)
    if len(parts) != 2 or not re.match(r"\s*HIERARCHY\b", parts[0], re.IGNORECASE):
        raise ValueError(f"{path} is not a BVH file: it needs a HIERARCHY and a MOTION section")
    try:
        joints = parse_hierarchy(parts[0])
        numbers, fps = _parse_motion(parts[1], joints)
    except ValueError as error:
        raise ValueError(f"cannot read {path}: {shortened(error)}") from error
    return BvhFile(joints, numbers, fps)


def joint_rotation(joint: BvhJoint, numbers: ndarray) -> Tensor:
    """The product of a joint's rotation channels in the file's order, [T, 3, 3]."""
    rotation = torch.eye(3, dtype=torch.float64).expand(len(numbers), 3, 3)
    for column, name in joint.channels.items():
        if name.endswith("rotation"):
            axis = torch.eye(3, dtype=torch.float64)["xyz".index(name[0])]
            angle = torch.from_numpy(np.radians(numbers[:, column]))
            rotation = rotation @ axis_angle_to_matrix(angle[:, None] * axis)
    return rotation


def _parse_motion(text: str, joints: list[BvhJoint]) -> tuple[ndarray, float]:
    """The numbers of all channels, [T, width], and the frame rate."""
    width = sum(len(joint.channels) for joint in joints)
    if width == 0:
        raise ValueError("none of its joints has a channel, so nothing moves")
    head = re.match(r"\s*Frames:\s*(\d+)\s+Frame\s+Time:\s*(\S+)", text, re.IGNORECASE)
    if head is None:
        raise ValueError("the MOTION section must begin with 'Frames: N' and 'Frame Time: S'")
    frames, seconds = int(head[1]), float(head[2])
    if not 1e-4 <= seconds <= 10:
        raise ValueError(f"a frame time of {seconds} s is not plausible")
    check_length(frames, fps := round(1 / seconds, 3))
    if frames * max(len(joints), NUM_JOINTS) > MAX_JOINT_FRAMES:
        raise ValueError(f"{frames} frames of {len(joints)} joints are too many; cut it")
    words = text[head.end() :].split()
    if frames == 0 or len(words) != frames * width:
        raise ValueError(
            f"{frames} frames of {width} channels need {frames * width} numbers, not {len(words)}"
        )
    numbers = np.array(words, dtype=np.float64).reshape(frames, width)
    if not np.isfinite(numbers).all():
        raise ValueError("it holds NaN or infinity")
    return numbers, fps

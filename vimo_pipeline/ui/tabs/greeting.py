"""The figure on the first screen: it waves until the visitor's own motion takes its place."""

import atexit
import math
import shutil
from pathlib import Path

import torch
from torch import Tensor

from ...export.glb import write_glb
from ...motion import JOINT_NAMES, Motion
from ...motion.body import load_body
from ...motion.rotations import axis_angle_to_quaternion
from ...motion.skeleton import joint_index
from ..running.serving import served_folder

SECONDS, FPS = 4.0, 30.0


def write_greeting(path: Path) -> None:
    """Write a wave that loops without a seam as GLB."""
    write_glb(greeting(), path)


def greeting_files() -> list[Path]:
    """The wave as a file that is served: what a viewer shows first, for as long as this process runs."""
    with served_folder("vimo-page-") as folder:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        write_greeting(folder / "hello.glb")
        return [folder / "hello.glb"]


def greeting() -> Motion:
    """Four seconds of standing at ease, right hand waving."""
    phase = torch.arange(int(SECONDS * FPS) + 1) / (SECONDS * FPS) * 2 * math.pi  # [T], one turn
    angles = torch.zeros(len(phase), len(JOINT_NAMES), 3)
    for joint, axis, radians in _poses(phase):
        angles[:, joint_index(joint), "xyz".index(axis)] = radians
    sole = float(load_body().vertices[:, 1].min())  # below the pelvis, metres
    root = torch.stack([0.012 * phase.sin(), torch.full_like(phase, -sole), 0 * phase], -1)
    contacts = torch.ones(len(phase), 4)
    return Motion(axis_angle_to_quaternion(angles), root, contacts, FPS)


def _poses(phase: Tensor) -> list[tuple[str, str, Tensor]]:
    """Joint, axis and radians through time; at zero the arms point sideways."""
    still = torch.ones_like(phase)
    return [
        ("left_shoulder", "z", -1.25 * still + 0.03 * phase.sin()),
        ("left_elbow", "y", -0.3 * still),
        ("right_shoulder", "z", -0.25 * still + 0.05 * phase.cos()),
        ("right_elbow", "z", -1.45 * still + 0.38 * (4 * phase).sin()),
        ("right_wrist", "z", 0.22 * (4 * phase - 0.6).sin()),
        ("spine2", "z", 0.03 * phase.sin()),
        ("spine3", "x", 0.02 * (2 * phase).cos()),
        ("head", "z", 0.06 * phase.sin()),
        ("head", "y", 0.05 * (2 * phase).sin()),
    ]

"""Training batches: windows of motion filmed by a virtual camera and seen by a noisy detector."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..keypoints.body_points import coco_from_joints
from ..keypoints.normalise import normalise_points
from ..motion.kinematics import joint_transforms
from ..motion.skeleton import joint_indices, rest_offsets
from .cameras import film
from .detector_noise import detect
from .windows import MotionBank, Windows

SIZE_WINDOW = 30  # frames a side: one second at 30 fps, as `keypoints.normalise`

# Bones that grow together when a body's proportions change; each group by its own factor.
_BONE_GROUPS = (
    ("left_knee", "right_knee", "left_ankle", "right_ankle"),
    ("spine1", "spine2", "spine3", "neck", "head"),
    ("left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    ("left_collar", "right_collar", "left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
)
_PROPORTION = 0.07


class Batch(NamedTuple):
    """What one training step sees."""

    features: Tensor  # [B, T, 151] clean motion, not normalised
    keypoints: Tensor  # [B, T, 17, 3] root-centred, scale-free
    camera_joints: Tensor  # [B, T, 24, 3] joints from the pelvis along the camera's axes, metres
    mask: Tensor  # [B, T], False where a frame is padding


def draw_batch(
    bank: MotionBank, batch: int, frames: int, *, generator: Generator, augment: bool = True
) -> Batch:
    """Random windows seen by random cameras; without `augment` the motions are as they were recorded."""
    windows = bank.draw(batch, frames, generator=generator, augment=augment)
    keypoints, camera_joints = see(windows, generator=generator)
    return Batch(windows.motion.pack(), keypoints, camera_joints, windows.mask)


def see(windows: Windows, *, generator: Generator) -> tuple[Tensor, Tensor]:
    """Normalised keypoints as a casual video would give them, and the joints along its camera's axes."""
    offsets = random_proportions(len(windows.mask), generator)
    root = windows.motion.root
    orientations, positions = joint_transforms(windows.motion.rotations, root, offsets=offsets[:, None])
    view = film(coco_from_joints(orientations, positions), root, generator=generator)
    points = detect(view, generator=generator)
    points = points * windows.mask[..., None, None]
    camera_joints = (positions - root[..., None, :]) @ view.world_to_camera.mT
    return normalise_points(points, view.shots, window=SIZE_WINDOW), camera_joints


def random_proportions(batch: int, generator: Generator) -> Tensor:
    """Rest offsets of bodies with longer or shorter legs, trunks and arms, [B, 24, 3] metres."""
    factors = torch.ones(batch, 24, 1)
    for bones in _BONE_GROUPS:
        factors[:, joint_indices(bones)] += _PROPORTION * torch.randn(batch, 1, 1, generator=generator)
    return rest_offsets() * factors

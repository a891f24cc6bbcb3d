"""Training batches: windows of motion filmed by a virtual camera and seen by a noisy detector."""

from collections.abc import Collection
from typing import NamedTuple

from torch import Generator, Tensor

from ..keypoints.body_points import coco_from_joints
from ..keypoints.normalise import normalise_points
from ..motion.kinematics import joint_transforms
from ..motion.skeleton import rest_offsets
from .augmentation import AUGMENTATIONS
from .augmentation.proportions import random_proportions
from .cameras import film
from .casual import TRAINING, Casual
from .detector_noise import detect
from .windows import MotionBank, Windows

SIZE_WINDOW = 30  # frames a side: one second at 30 fps, as `keypoints.normalise`


class Batch(NamedTuple):
    """What one training step sees."""

    features: Tensor  # [B, T, 151] clean motion, not normalised
    keypoints: Tensor  # [B, T, 17, 3] root-centred, scale-free
    camera_joints: Tensor  # [B, T, 24, 3] joints from the pelvis along the camera's axes, metres
    mask: Tensor  # [B, T], False where a frame is padding


def draw_batch(
    bank: MotionBank,
    batch: int,
    frames: int,
    *,
    generator: Generator,
    augment: Collection[str] = AUGMENTATIONS,
    casual: Casual = TRAINING,
) -> Batch:
    """Random windows seen by random cameras; with `augment` empty the motions are as they were recorded."""
    windows = bank.draw(batch, frames, generator=generator, augment=augment)
    offsets = random_proportions(batch, generator) if "proportions" in augment else None
    keypoints, camera_joints = see(windows, generator=generator, offsets=offsets, casual=casual)
    return Batch(windows.motion.pack(), keypoints, camera_joints, windows.mask)


def see(
    windows: Windows, *, generator: Generator, offsets: Tensor | None = None, casual: Casual = TRAINING
) -> tuple[Tensor, Tensor]:
    """Normalised keypoints as a casual video would give them, and the joints along its camera's axes.

    offsets: [B, 24, 3] rest offsets of the bodies that are filmed; SMPL's mean shape unless given.
    """
    offsets = rest_offsets() if offsets is None else offsets[:, None]
    root = windows.motion.root
    orientations, positions = joint_transforms(windows.motion.rotations, root, offsets=offsets)
    view = film(coco_from_joints(orientations, positions), root, generator=generator, casual=casual)
    points = detect(view, generator=generator, casual=casual)
    points = points * windows.mask[..., None, None]
    camera_joints = (positions - root[..., None, :]) @ view.world_to_camera.mT
    return normalise_points(points, view.shots, window=SIZE_WINDOW), camera_joints

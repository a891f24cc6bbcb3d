"""Where a motion stands and faces: turned about y and moved over the floor to the origin, facing +z."""

from typing import NamedTuple

import torch
from torch import Tensor

from .features import MotionFeatures
from .rotations import heading_angle, turn_about_y


class Stand(NamedTuple):
    """Where bodies stand and what turns them to face +z."""

    place: Tensor  # [B, 1, 3] metres, on the floor
    turning: Tensor  # [B, 1, 3, 3] about y


def stand_of(motion: MotionFeatures, at: Tensor | None = None) -> Stand:
    """Where motions, [B, T, ...], stand in a frame each, at: [B]; in the first one unless given."""
    at = torch.zeros(len(motion.root), dtype=torch.long, device=motion.root.device) if at is None else at
    clip = torch.arange(len(at), device=at.device)
    place = motion.root[clip, at][:, None] * motion.root.new_tensor([1, 0, 1])
    return Stand(place, turn_about_y(-heading_angle(motion.rotations[clip, at, 0]))[:, None])


def seen_from(motion: MotionFeatures, stand: Stand) -> MotionFeatures:
    """Motions, [B, T, ...], turned and moved so that the stand is the origin and faces +z."""
    root = ((motion.root - stand.place)[..., None, :] @ stand.turning.mT)[..., 0, :]
    pelvis = stand.turning @ motion.rotations[:, :, 0]
    rotations = torch.cat([pelvis[:, :, None], motion.rotations[:, :, 1:]], 2)
    return motion._replace(rotations=rotations, root=root)


def canonical(motion: MotionFeatures) -> MotionFeatures:
    """Every window starts at x = z = 0 and faces +z in its first frame. [B, T, ...]."""
    return seen_from(motion, stand_of(motion))

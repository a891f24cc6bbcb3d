"""What a camera would see of the known parts of a motion.

The denoiser learned to look at keypoints, and at gaps in them, far more than at clean frames among noisy
ones. So the known motion is filmed by a virtual camera: known frames are seen, the gap is hidden.
"""

import math

import torch

from ...data.cameras import Shot, look
from ...keypoints.body_points import coco_from_joints, firm_points
from ...keypoints.normalise import normalise_points
from ...motion.kinematics import joint_transforms
from ...motion.rotations import heading_angle
from ..seen import Seen
from .keeping import Known

DISTANCE, ELEVATION = 4.0, math.radians(5)  # metres and radians: as phones are held
SIZE_WINDOW = 30  # frames a side, as `normalise` at 30 fps


def film_known(known: Known) -> Seen:
    """Known parts as a camera sees them that stands before the first frame whose heading is known."""
    facing_known = known.mask.joints[:, 0]
    if not facing_known.any():
        return Seen.nothing(len(facing_known), device=facing_known.device)
    motion = known.motion
    origin = torch.zeros_like(motion.root)
    points = coco_from_joints(*joint_transforms(motion.rotations, origin))[None]
    still = torch.zeros_like(points[:, :, 0, 0])
    facing = heading_angle(motion.rotations[facing_known][0, 0])
    view = look(points, origin[None], Shot(still + facing, still + ELEVATION, still + DISTANCE, still))
    confidence = firm_points(known.mask.joints)[None, ..., None].to(points)
    normalised = normalise_points(torch.cat([view.pixels, confidence], -1), view.shots, window=SIZE_WINDOW)
    return Seen(normalised[0], view.shots[0])


def lay_over(guide: Seen, filmed: Seen) -> Seen:
    """The guide where it saw anything, the virtual film elsewhere; to change between them is a cut."""
    guided = guide.frames()
    points = torch.where(guided[:, None, None], guide.points, filmed.points)
    source = torch.where(guided, guide.shots + 1, 0)
    return Seen(points, torch.nn.functional.pad((source.diff() != 0).long().cumsum(0), (1, 0)))

"""Known parts of a motion pasted into an imagined one, without a seam.

What a prediction gets wrong where the motion is known tells how it would go on being wrong: this residual is
carried into the gap and eased away (inertialisation; Bollo, GDC 2018). Pose residuals are forgotten within
`POSE_REACH` frames. A heading and a path are sums over time, so their residuals are spread over the whole
gap: the body walks to where it is known to arrive. The speed of a residual is met too, and dies out sooner.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ..motion import Motion
from ..motion.features import MotionFeatures, unpack_features
from ..motion.mask import Mask
from ..motion.rotations import axis_angle_to_matrix, heading_angle, matrix_to_axis_angle, turn_about_y

POSE_REACH = 90.0  # frames in which the residual of a pose is forgotten
SPEED_REACH = 20.0  # frames in which the speed of any residual is forgotten


@dataclass(frozen=True)
class Known:
    """A motion and which parts of it are known; the rest of it is never looked at."""

    motion: MotionFeatures  # [T, ...]
    mask: Mask

    @classmethod
    def of(cls, motion: Motion, mask: Mask, *, device: torch.device | str = "cpu") -> "Known":
        """Known parts of a motion, on a device."""
        features = MotionFeatures(motion.matrices(), motion.contacts, motion.root)
        return cls(MotionFeatures(*(each.to(device) for each in features)), Mask(mask.kept.to(device)))


def keep(features: Tensor, known: Known) -> Tensor:
    """Imagined motions in which the known parts are exactly as known. [N, T, 151], not normalised.

    Motions may come turned and moved: they go to where the known path and headings are.
    """
    motion = unpack_features(features)
    motion = _stand(_face(motion, known), known)
    contacts = torch.where(known.mask.channel("contacts")[:, None], known.motion.contacts, motion.contacts)
    return _pose(motion._replace(contacts=contacts), known).pack()


def spread(residual: Tensor, kept: Tensor, *, reach: float, with_speed: bool = True) -> Tensor:
    """A residual known in some frames, for all frames. residual: [N, T, C, D]; kept: [T, C].

    Beside every known frame it fades over `reach` frames, or over the gap if that is shorter. Where reach is
    infinite, it goes over evenly from one side of a gap to the other and stays beyond the last.
    """
    before, after = _neighbours(kept)
    total = _faded(residual, kept, before, reach=reach, gap=after - before, step=-1, with_speed=with_speed)
    total += _faded(residual, kept, after, reach=reach, gap=after - before, step=1, with_speed=with_speed)
    return torch.where(kept[..., None], residual, total)


def _faded(
    residual: Tensor, kept: Tensor, end: Tensor, *, reach: float, gap: Tensor, step: int, with_speed: bool
) -> Tensor:
    """What one end of the gaps adds. end: [T, C] its frame, or one outside; step: -1 if it lies before."""
    frames = len(kept)
    there = (end >= 0) & (end < frames)
    at = end.clamp(0, frames - 1)
    time = torch.arange(frames, device=kept.device)[:, None]
    away = (time - end).abs()
    gap = torch.where(_open(gap, frames), math.inf, gap.to(residual.dtype))
    fall = 1 - _ease((away / gap.clamp(max=reach)).clamp(max=1))  # frames / inf is 0: stays
    total = _take(residual, at) * fall[..., None]
    if with_speed:
        beyond = (at + step).clamp(0, frames - 1)
        speed = _take(residual, at) - _take(residual, beyond)
        known = kept.gather(0, beyond) & (beyond != at)
        part = (away / gap.clamp(max=SPEED_REACH)).clamp(max=1)
        total = total + speed * (known * away * (1 - part).square())[..., None]
    return total * there[..., None]


def _neighbours(kept: Tensor) -> tuple[Tensor, Tensor]:
    """The last known frame up to each frame and the first from it on, [T, C]; far outside where none is."""
    frames = len(kept)
    time = torch.arange(frames, device=kept.device)[:, None].expand_as(kept)
    before = torch.where(kept, time, -frames).cummax(0).values
    after = torch.where(kept, time, 2 * frames).flip(0).cummin(0).values.flip(0)
    return before, after


def _open(gap: Tensor, frames: int) -> Tensor:
    """Gaps with an end outside the motion."""
    return gap >= frames


def _take(residual: Tensor, at: Tensor) -> Tensor:
    """[N, T, C, D] and frames [T, C] -> the residual of those frames, [N, T, C, D]."""
    return residual.gather(1, at[None, ..., None].expand_as(residual))


def _ease(part: Tensor) -> Tensor:
    """From 0 to 1 with no speed and no acceleration at the ends."""
    return part**3 * (10 - 15 * part + 6 * part**2)


def _face(motion: MotionFeatures, known: Known) -> MotionFeatures:
    """Turned so that the known headings are met; steps turn along."""
    kept = known.mask.joints[:, :1]
    residual = heading_angle(known.motion.rotations[:, 0]) - heading_angle(motion.rotations[:, :, 0])
    residual = _unwrapped(residual[..., None], kept)
    turning = turn_about_y(spread(residual[..., None], kept, reach=math.inf, with_speed=False)[..., 0, 0])
    pelvis = turning @ motion.rotations[:, :, 0]
    steps = (turning[:, :-1] @ motion.root.diff(dim=1)[..., None])[..., 0]
    root = torch.cat([motion.root[:, :1], motion.root[:, :1] + steps.cumsum(1)], 1)
    rotations = torch.cat([pelvis[:, :, None], motion.rotations[:, :, 1:]], 2)
    return motion._replace(rotations=rotations, root=root)


def _unwrapped(angles: Tensor, kept: Tensor) -> Tensor:
    """Angles that go the short way from one known frame to the next. [N, T, 1] and [T, 1]."""
    last = _neighbours(kept)[0]
    first = int(kept[:, 0].int().argmax()) if kept.any() else 0
    filled = torch.where(last[:, 0] >= 0, last[:, 0], first)
    steps = angles[:, filled].diff(dim=1)
    steps = torch.remainder(steps + math.pi, 2 * math.pi) - math.pi
    return angles[:, first : first + 1] + torch.nn.functional.pad(steps.cumsum(1), (0, 0, 1, 0))


def _stand(motion: MotionFeatures, known: Known) -> MotionFeatures:
    """Moved to where the root is known to be."""
    residual = (known.motion.root - motion.root)[:, :, None]  # [N, T, 1, 3]
    level, upright = (known.mask.channel(name)[:, None] for name in ("path", "height"))
    path = spread(residual[..., [0, 2]], level, reach=math.inf)
    height = spread(residual[..., [1]], upright, reach=POSE_REACH)
    moved = torch.cat([path[..., :1], height, path[..., 1:]], -1)[:, :, 0]
    return motion._replace(root=motion.root + moved)


def _pose(motion: MotionFeatures, known: Known) -> MotionFeatures:
    """Joint rotations turned onto the known ones."""
    kept = known.mask.joints
    residual = matrix_to_axis_angle(motion.rotations.mT @ known.motion.rotations)
    turned = motion.rotations @ axis_angle_to_matrix(spread(residual, kept, reach=POSE_REACH))
    return motion._replace(rotations=torch.where(kept[..., None, None], known.motion.rotations, turned))

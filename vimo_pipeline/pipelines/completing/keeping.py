"""Known parts of a motion pasted into an imagined one, without a seam.

What a prediction gets wrong where the motion is known tells how it would go on being wrong. This residual is
carried into the gap (inertialisation; Bollo, GDC 2018): evenly from one side to the other, or fading where a
gap is open or long. Headings and paths are sums over time, so theirs stay for good: the body walks to where
it is known to arrive. How fast a residual changes is met too, and dies out sooner.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ...motion import Motion
from ...motion.bridging import bridge
from ...motion.features import MotionFeatures, unpack_features
from ...motion.mask import Mask
from ...motion.neighbours import neighbours
from ...motion.rotations import axis_angle_to_matrix, heading_angle, matrix_to_axis_angle, turn_about_y

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

    def between(self) -> Tensor:
        """Where a part is known or lies between frames in which it is, [T, 27] bool; open ends do not."""
        return between(self.mask.kept)

    def bridged(self) -> MotionFeatures:
        """The shortest way over what is not known, [1, T, ...]."""
        return bridge(MotionFeatures(*(part[None] for part in self.motion)), self.mask.kept[None])


def between(kept: Tensor) -> Tensor:
    """Where a column is kept or lies between frames in which it is, [..., T, 27] bool twice."""
    return (kept.cumsum(-2) > 0) & (kept.flip(-2).cumsum(-2).flip(-2) > 0)


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

    In gaps of at most `reach` frames it goes evenly from one side to the other. Otherwise it fades over that
    many frames beside every known one; where reach is infinite, it stays beyond the first and the last.
    """
    before, after = (each[0] for each in neighbours(kept[None]))
    time = torch.arange(len(kept), device=kept.device)[:, None]
    left, right = (_end(residual, kept, end, step) for end, step in ((before, -1), (after, 1)))
    closed = left.there & right.there
    gap = torch.where(closed, (after - before).clamp(min=1), torch.inf)
    bridged = (gap <= reach) & closed
    slope = torch.where(bridged[..., None], (right.value - left.value) / gap[..., None], 0.0)
    total = torch.where(bridged[..., None], left.value + slope * (time - before)[..., None], 0.0)
    for end, frame, line in ((left, before, slope), (right, after, -slope)):
        away = (time - frame).abs()
        fall = torch.where(bridged, 0.0, 1 - _ease((away / reach).clamp(max=1)))  # frames / inf is 0: stays
        bend = away * (1 - away / gap.clamp(max=SPEED_REACH)).clamp(min=0).square()
        speed = end.speed - line if with_speed else -line
        total = total + (end.value * fall[..., None] + speed * bend[..., None]) * end.there[..., None]
    return torch.where(kept[..., None], residual, total)


class _End(NamedTuple):
    """The known frame at one side of each frame's gap."""

    value: Tensor  # [N, T, C, D] its residual
    speed: Tensor  # [N, T, C, D] how it changes a frame, going into the gap; 0 where its neighbour is unknown
    there: Tensor  # [T, C] whether there is one


def _end(residual: Tensor, kept: Tensor, frame: Tensor, step: int) -> _End:
    """frame: [T, C], one outside where there is none; step: -1 if it lies before the gap, 1 if behind."""
    last = len(kept) - 1
    at = frame.clamp(0, last)
    beyond = (at + step).clamp(0, last)
    value, known = _take(residual, at), kept.gather(0, beyond) & (beyond != at)
    return _End(value, (value - _take(residual, beyond)) * known[..., None], frame == at)


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
    last = neighbours(kept[None])[0][0]
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

"""Whether a motion shows where its windows meet, and whether it drifts."""

from typing import NamedTuple

import torch
from accuracy_scores import FPS, interval
from torch import Tensor

from vimo_pipeline.metrics import jitter
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import heading_angle
from vimo_pipeline.motion.skeleton import CONTACT_JOINTS, joint_indices
from vimo_pipeline.pipelines.windows import WindowPlan

BORDER, AROUND = 5, 45  # frames on each side that are the border, and that it is compared with
_FEET = joint_indices(CONTACT_JOINTS)


class Seams(NamedTuple):
    """Figures at the borders of windows and around them, one a border; nan where there is none."""

    at: Tensor
    around: Tensor

    def difference(self) -> Tensor:
        """Border minus surroundings, without those that have no figure."""
        both = self.at - self.around
        return both[~both.isnan()]

    def p(self) -> float:
        """That differences of this size come by chance: Wilcoxon's signed ranks, two-sided."""
        from scipy.stats import wilcoxon

        return float(wilcoxon(self.difference().numpy()).pvalue)

    def percent(self) -> tuple[float, float, float]:
        """The mean difference in % of the surroundings' mean, and its 95 % bootstrap interval."""
        usual = float(self.around[~(self.at - self.around).isnan()].mean())
        return tuple(100 * value / usual for value in interval(self.difference()))

    def beyond(self, truth: "Seams") -> tuple[float, float, float]:
        """The mean difference that the truth does not show there, in % of the surroundings' mean."""
        usual = float(self.around[~(self.at - self.around).isnan()].mean())
        more = (self.at - self.around) - (truth.at - truth.around)
        return tuple(100 * value / usual for value in interval(more))


def borders(plan: WindowPlan) -> list[int]:
    """Where a window begins, where one ends, and halfway between the two."""
    ends = [start + plan.length for start in plan.starts[:-1]]
    halves = [(start + end) // 2 for start, end in zip(plan.starts[1:], ends, strict=True)]
    return sorted({*plan.starts[1:], *ends, *halves})


def seams(figures: Tensor, places: list[int]) -> Seams:
    """Means of a figure a frame, [T], at borders and around them; nan in the figure is left out."""
    frames = torch.arange(len(figures))
    near = torch.stack([(frames - place).abs() for place in places])
    border = (near < BORDER).any(0)
    at = [figures[each < BORDER].nanmean() for each in near]
    around = [figures[(each < AROUND) & ~border].nanmean() for each in near]
    return Seams(torch.stack(at), torch.stack(around))


def figures_of(features: Tensor, contacts: Tensor) -> dict[str, Tensor]:
    """Jitter, joint speed and foot skate in every frame, [T] each; nan where no foot stands.

    features: [T, 151]; contacts: [T, 4], those of the truth.
    """
    joints = joints_of(features)
    pad = torch.full((3,), float("nan"))
    steps = joints.diff(dim=0) * FPS
    slide = steps[:, _FEET][..., [0, 2]].norm(dim=-1)
    skate = torch.where(contacts[:-1] > 0.5, slide, float("nan")).nanmean(-1)
    return {
        "jitter m/s³": torch.cat([pad[:1], jitter(joints, fps=FPS), pad[:2]]),
        "joint speed m/s": torch.cat([steps.norm(dim=-1).mean(-1), pad[:1]]),
        "foot skate m/s": torch.cat([skate, pad[:1]]),
    }


def joints_of(features: Tensor) -> Tensor:
    """[T, 151] -> [T, 24, 3] metres."""
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, motion.root)


def heading_error(features: Tensor, truth: Tensor) -> Tensor:
    """Degrees by which a body faces another way, without jumps: [T, 151] twice -> [T]."""
    one, other = (heading_angle(unpack_features(each).rotations[:, 0]) for each in (features, truth))
    off = torch.remainder(one - other + torch.pi, 2 * torch.pi) - torch.pi
    steps = torch.remainder(off.diff() + torch.pi, 2 * torch.pi) - torch.pi
    return torch.rad2deg(torch.cat([off[:1], off[:1] + steps.cumsum(0)]))


def slope_a_minute(curve: Tensor, rate: float) -> float:
    """Of the straight line through a curve, [T], of so many values a second."""
    minutes = torch.arange(len(curve), dtype=torch.double) / rate / 60
    minutes = minutes - minutes.mean()
    return float((minutes * curve.double()).sum() / minutes.square().sum())


def floor(features: Tensor) -> Tensor:
    """Height of the lowest contact joint in every second, [seconds] metres."""
    low = joints_of(features)[:, _FEET, 1].amin(-1)
    second = round(FPS)
    return low[: len(low) // second * second].view(-1, second).amin(-1)

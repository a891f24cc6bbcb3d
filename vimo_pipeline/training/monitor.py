"""Is the run on its way? The thesis's convergence monitor (section IV): losses, spread, collapse."""

from typing import NamedTuple

import torch
from torch import Tensor

from .validation import HeldOut

LEARNING = 0.2  # share of a run in which high losses are no news
COLLAPSED = 0.25  # of the truth's spread


class Symptom(NamedTuple):
    """Something that looks wrong, and what to do."""

    kind: str
    advice: str


class Limits(NamedTuple):
    """Outside of which a loss is a symptom; `unit` turns the thesis's numbers into ours."""

    low: float
    high: float
    unit: float
    below: str
    above: str


# The thesis's outer limits (its targets lie inside: joints 0.01-0.02, velocity 0.05-0.10, foot 1e-4-1e-3),
# held against the losses before their weights. It does not say whether it sums or averages, and its
# velocities are of rotation matrices a frame. Joints are taken as ours, m²: the shipped run ends at 0.014.
# Feet: a sum over four a frame, ours a mean a second. Velocity: set so that the end of the shipped run,
# 0.46 (m/s)², is in the target as the end of the thesis's was. A still body costs the truth's whole velocity
# in our loss, so a low one is no sign of it; `spread_symptoms` looks for that.
LIMITS = {
    "joints": Limits(
        0.01, 0.03, 1.0,
        "learned by heart, unless the error on held-out clips fell as well: use more data or dropout",
        "raise joints_weight",
    ),
    "velocity": Limits(
        0.01, 0.15, 5.0,
        "learned by heart, unless the error on held-out clips fell as well: use more data or dropout",
        "predictions are erratic: raise velocity_weight, or lower learning_rate",
    ),
    "foot": Limits(
        1e-4, 0.01, 30.0**2 / 4,
        "feet are held too still: lower foot_weight",
        "feet slide: raise foot_weight",
    ),
}  # fmt: skip


class Spread(NamedTuple):
    """How far poses differ, as a share of how far the true ones do: 0 has collapsed, 1 is as the truth."""

    over_clips: float
    over_time: float


class Monitor:
    """Keeps what was said, so that every symptom is named once in `every` steps."""

    def __init__(self, *, every: int) -> None:
        self.every = every
        self.said: dict[str, int] = {}

    def news(self, symptoms: list[Symptom], *, step: int) -> list[Symptom]:
        """The symptoms that were not named lately."""
        new = [one for one in symptoms if step - self.said.get(one.kind, -self.every) >= self.every]
        self.said.update({one.kind: step for one in new})
        return new


def loss_symptoms(losses: dict[str, float], *, progress: float) -> list[Symptom]:
    """Losses, not weighted, outside of the thesis's limits. progress: the share of the run that is over."""
    found = []
    for name, limits in LIMITS.items():
        if name not in losses:
            continue
        loss, low, high = losses[name], limits.low * limits.unit, limits.high * limits.unit
        if loss < low:
            found.append(Symptom(f"low {name}", f"{name} loss {loss:.2g} is below {low:.2g}: {limits.below}"))
        if loss > high and progress > LEARNING:
            text = f"{name} loss {loss:.2g} is above {high:.2g}: {limits.above}"
            found.append(Symptom(f"high {name}", text))
    return found


def spread_symptoms(spread: Spread) -> list[Symptom]:
    """Collapse to the mean pose, or to poses that do not move."""
    if spread.over_clips < COLLAPSED:
        text = (
            f"collapse to the mean pose: predictions differ between clips {spread.over_clips:.0%} as much as "
            "the truth. Give no loss the weight 0, lower condition_dropout, look whether keypoints arrive"
        )
        return [Symptom("mean pose", text)]
    if spread.over_time < COLLAPSED:
        text = (
            f"collapse to static poses: predictions change in time {spread.over_time:.0%} as much as the "
            "truth. Lower velocity_weight or lengthen velocity_warmup"
        )
        return [Symptom("static pose", text)]
    return []


def spread_of(seen: HeldOut) -> Spread:
    """Standard deviation of joints from their pelvis over clips and over time, against the truth's."""
    ratios = [
        _deviation(seen.predicted, seen.mask, dim) / _deviation(seen.truth, seen.mask, dim).clamp(min=1e-9)
        for dim in (0, 1)
    ]
    return Spread(*map(float, ratios))


def _deviation(joints: Tensor, mask: Tensor, dim: int) -> Tensor:
    """Along one dimension of [B, T, 24, 3], metres; averaged over all else where frames are real."""
    poses = joints - joints[..., :1, :]
    real = mask[..., None, None].to(poses)
    count = real.sum(dim, keepdim=True)
    mean = (poses * real).sum(dim, keepdim=True) / count.clamp(min=1)
    variance = ((poses - mean).square() * real).sum((-1, -2)) / joints.shape[-2]
    return torch.sqrt(variance.sum() / real.sum().clamp(min=1))

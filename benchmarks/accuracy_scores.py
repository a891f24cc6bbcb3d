"""From predicted motions to figures, and from figures of clips to means with intervals."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from vimo_pipeline.metrics import (
    acceleration_error,
    contact_f1,
    foot_skate,
    jitter,
    mpjpe,
    pa_mpjpe,
    root_trajectory_error,
    w_mpjpe,
    wa_mpjpe,
)
from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import heading_angle, turn_about_y

FPS = 30.0
Scores = dict[str, Tensor]  # column -> one number a clip, [N]


@dataclass(frozen=True)
class Column:
    """A figure of a table."""

    title: str
    digits: int
    of: Callable[["Pair"], Tensor]
    best_is_least: bool = True


@dataclass(frozen=True)
class Pair:
    """One predicted clip beside the truth."""

    predicted: MotionFeatures  # [T, ...]
    truth: MotionFeatures

    def __post_init__(self) -> None:
        for name in ("predicted", "truth"):
            motion = getattr(self, name)
            object.__setattr__(self, f"{name}_joints", forward_kinematics(motion.rotations, motion.root))

    @property
    def joints(self) -> tuple[Tensor, Tensor]:
        """Predicted and true, [T, 24, 3] metres."""
        return self.predicted_joints, self.truth_joints

    def root_error(self) -> Tensor:
        """Metres, [T]."""
        return root_trajectory_error(self.predicted.root, self.truth.root)

    def heading_error(self) -> Tensor:
        """Radians between -pi and pi, [T]."""
        angles = [heading_angle(motion.rotations[:, 0]) for motion in (self.predicted, self.truth)]
        return torch.remainder(angles[0] - angles[1] + torch.pi, 2 * torch.pi) - torch.pi

    def mpjpe_facing_right(self) -> Tensor:
        """MPJPE where every frame is first turned to its true heading, [T]."""
        predicted, truth = self.joints
        turned = (predicted - predicted[:, :1]) @ turn_about_y(-self.heading_error()).mT
        return mpjpe(turned, truth)

    def heading_share(self) -> Tensor:
        """Which part of MPJPE is a wrong heading."""
        return 1 - self.mpjpe_facing_right().mean() / mpjpe(*self.joints).mean()


COLUMNS = (
    Column("MPJPE mm", 1, lambda pair: 1000 * mpjpe(*pair.joints)),
    Column("PA-MPJPE mm", 1, lambda pair: 1000 * pa_mpjpe(*pair.joints)),
    Column("WA-MPJPE mm", 0, lambda pair: 1000 * wa_mpjpe(*pair.joints)),
    Column("W-MPJPE mm", 0, lambda pair: 1000 * w_mpjpe(*pair.joints)),
    Column("root path mm", 0, lambda pair: 1000 * pair.root_error()),
    Column("acceleration m/s²", 2, lambda pair: acceleration_error(*pair.joints, fps=FPS)),
    Column("jitter m/s³", 0, lambda pair: jitter(pair.predicted_joints, fps=FPS), best_is_least=False),
    Column("foot skate m/s", 2, lambda pair: foot_skate(pair.predicted_joints, pair.truth.contacts, fps=FPS)),
    Column("contact F1", 2, lambda pair: contact_f1(pair.predicted.contacts, pair.truth.contacts), False),
    Column("heading's share of MPJPE", 2, Pair.heading_share, best_is_least=False),
    Column("frames > 90° off", 3, lambda pair: (pair.heading_error().abs() > torch.pi / 2).float()),
)


def scores(predicted: Tensor, truth: Tensor) -> Scores:
    """All columns of N clips. Features, not normalised: [N, T, 151] twice."""
    pairs = [Pair(*map(unpack_features, clip)) for clip in zip(predicted, truth, strict=True)]
    return {column.title: torch.stack([column.of(pair).mean() for pair in pairs]) for column in COLUMNS}


def mean(hypotheses: list[Scores]) -> Scores:
    """Every figure in the mean of the hypotheses, clip by clip."""
    return {
        column.title: torch.stack([one[column.title] for one in hypotheses]).mean(0) for column in COLUMNS
    }


def best(hypotheses: list[Scores]) -> Scores:
    """Every error of the hypothesis that has least of it, clip by clip; of other figures the mean."""
    stacked = {column.title: torch.stack([one[column.title] for one in hypotheses]) for column in COLUMNS}
    return {
        column.title: stacked[column.title].amin(0) if column.best_is_least else stacked[column.title].mean(0)
        for column in COLUMNS
    }


def interval(values: Tensor, *, draws: int = 2000) -> tuple[float, float, float]:
    """Mean and 95 % bootstrap interval over clips; clips without a figure are left out."""
    values = values[~values.isnan()]
    if len(values) == 0:
        return float("nan"), float("nan"), float("nan")
    pick = torch.randint(len(values), (draws, len(values)), generator=Generator().manual_seed(0))
    low, high = values[pick].mean(1).quantile(torch.tensor([0.025, 0.975])).tolist()
    return float(values.mean()), low, high

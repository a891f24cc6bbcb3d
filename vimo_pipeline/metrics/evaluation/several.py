"""The group of figures for several hypotheses of one motion: the best of them, and what their spread says."""

from collections.abc import Mapping

import torch
from torch import Generator, Tensor

from ...motion import Motion
from ..best_of import best_of
from ..calibration import calibration
from ..pose_error import mpjpe, pa_mpjpe
from .figures import Figure, Group, mean_interval
from .paired import Hypotheses, matched

_ERRORS = {"MPJPE": mpjpe, "PA-MPJPE": pa_mpjpe}
_CALIBRATED = (0.61, 0.99, None, 1.0)  # of normal errors, in the order of Calibration


def several(
    generated: Mapping[str, Hypotheses], reference: Mapping[str, Motion], *, seed: int = 0
) -> Group | None:
    """Best of K beside the mean of K, and calibration; None where a motion has but one hypothesis.

    K is the least number that a motion has. A spread is the deviation of each joint around the pelvis over K
    hypotheses, its error the distance of their mean from the truth.
    """
    pairs = matched(generated, reference)
    count = min(len(hypotheses) for hypotheses, _ in pairs)
    if count < 2:
        return None
    compared = [_compared(hypotheses[:count], truth) for hypotheses, truth in pairs]
    errors, off, spread = zip(*compared, strict=True)
    generator = Generator().manual_seed(seed)
    found = calibration(torch.cat(off), torch.cat(spread))
    figures = [
        *_best(torch.stack(errors, -1), count, generator),
        *(
            Figure(f"spread: {name.replace('_', ' ')}", "", value, beside=ideal)
            for (name, value), ideal in zip(found._asdict().items(), _CALIBRATED, strict=True)
        ),
    ]
    notes = (
        f"beside are the mean of {count} hypotheses, and what a calibrated spread has",
        "the truth chooses the best, so it falls with K by chance too: compare only at one K",
        "within one and two: share of errors not larger than the spread, or twice the spread",
    )
    return Group(f"{count} hypotheses", "", "mean or ideal", tuple(figures), notes)


def _compared(hypotheses: Hypotheses, truth: Motion) -> tuple[Tensor, Tensor, Tensor]:
    """Errors [2, K]; error of the mean hypothesis and spread of joints but the pelvis, [T, 23]; metres."""
    frames = min(len(truth), *(len(motion) for motion in hypotheses))
    joints = torch.stack([motion.frames(0, frames).joints() for motion in hypotheses])  # [K, T, 24, 3]
    aim = truth.frames(0, frames).joints()
    errors = [[error(each, aim).mean() for each in joints] for error in _ERRORS.values()]
    joints, aim = joints - joints[..., :1, :], aim - aim[:, :1]
    middle = joints.mean(0)
    spread = (joints - middle).square().sum(-1).mean(0).sqrt()
    return torch.tensor(errors), (middle - aim).norm(dim=-1)[:, 1:], spread[:, 1:]


def _best(errors: Tensor, count: int, generator: Generator) -> list[Figure]:
    """errors: [2, K, N] metres."""
    figures = []
    for name, each in zip(_ERRORS, 1000 * errors.double(), strict=True):
        least = best_of(each).error  # [N]
        interval = mean_interval((least, torch.ones_like(least)), generator=generator)
        best, mean = float(least.mean()), float(each.mean())
        figures.append(Figure(f"{name}, best of {count}", "mm", best, interval, beside=mean, digits=1))
    return figures

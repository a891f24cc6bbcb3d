"""Hypotheses that turn otherwise: keypoints cannot tell a turn of the body from one of the camera.

Where a body faces in the picture is seen well, but not how much of a change of it was the body's. That is the
largest error of a single motion, so hypotheses should differ in it. A turn is slow and the steps turn along,
so feet that stood go on standing.
"""

import torch
from torch import Tensor

from ..motion.features import split_features, turn_features
from ..motion.rotations import turn_about_y

SECONDS_A_KNOT = 2.5  # between independent turn rates; in between they change evenly


def knots_of(frames: int, fps: float) -> int:
    """How many turn rates a clip needs."""
    return 2 + int(frames / fps / SECONDS_A_KNOT)


def turn_apart(features: Tensor, rates: Tensor, *, fps: float) -> Tensor:
    """Motions that turn by additional rates, [N, T, 151]; the first frame stays where it is.

    features: not normalised; rates: [N, knots] radians a second.
    """
    heading = _between(rates, features.shape[1]).cumsum(1) / fps
    return turn_along(features, torch.nn.functional.pad(heading[:, :-1], (1, 0)))


def turn_along(features: Tensor, headings: Tensor) -> Tensor:
    """Motions turned about y frame by frame, their steps along with them. [N, T, 151], [N, T] radians."""
    turning = turn_about_y(headings)  # [N, T, 3, 3]
    turned = turn_features(features, turning)
    root = split_features(features)[2]
    steps = (turning[:, :-1] @ root.diff(dim=1)[..., None])[..., 0]
    path = torch.cat([root[:, :1], root[:, :1] + steps.cumsum(1)], 1)
    return torch.cat([turned[..., :-3], path], -1)


def _between(rates: Tensor, frames: int) -> Tensor:
    """Rates of every frame, [N, frames], from rates at evenly spaced knots."""
    return torch.nn.functional.interpolate(rates[:, None], frames, mode="linear", align_corners=True)[:, 0]

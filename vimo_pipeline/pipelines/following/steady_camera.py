"""Headings of long clips: the camera is taken to stay on its side of the person.

Windows tell how a body turns, and over minutes their errors add up: a heading walks away by chance. The
camera that such a motion implies then circles round the body, slowly and for no reason. Whoever films swings
round and back within seconds, so what is slower than that is taken for the body's own error and turned back.
"""

import torch
from torch import Tensor

from ...motion.planted import runs
from ..turning_apart import turn_along
from ..windows import WINDOWS_AT_ONCE, WindowPlan
from .guidance import Sight, turns


def steady_camera(features: Tensor, sight: Sight, plan: WindowPlan, *, deviation: float) -> Tensor:
    """Motions turned so that the camera's slow circling within a shot goes, [N, T, 151], not normalised.

    deviation: of the Gaussian in frames that tells slow from quick. A cut may change the camera's side, but
    not the body's heading. A camera that does circle slowly is taken for a body that turns the other way.
    """
    azimuth = camera_azimuth(features, sight, plan)
    circling = torch.zeros_like(azimuth)
    shots = plan.merge(sight.shots[None, ..., None].float())[0, :, 0].round()
    before = circling[:, 0]
    for start, stop in _shots(shots):
        slow = _averaged(azimuth[:, start:stop], deviation)
        circling[:, start:stop] = before[:, None] + slow - slow[:, :1]
        before = circling[:, stop - 1]
    return turn_along(features, -circling)


def camera_azimuth(features: Tensor, sight: Sight, plan: WindowPlan) -> Tensor:
    """Where the camera stands as seen from the body, [N, T] radians about y without jumps.

    Where nobody is seen it is what it was before.
    """
    windows = plan.cut(features).flatten(0, 1).split(WINDOWS_AT_ONCE)
    seen = sight.expand(len(features)).split(WINDOWS_AT_ONCE)
    turn = torch.cat([turns(*each) for each in zip(windows, seen, strict=True)])
    towards = plan.merge(turn.unflatten(0, (len(features), -1))[..., 2, :])
    confidence = plan.merge(sight.keypoints[None, ..., 2].mean(-1, keepdim=True))[0, :, 0]
    frames = torch.arange(plan.frames, device=features.device)
    last_seen = torch.where(confidence > 0, frames, 0).cummax(0).values
    angle = torch.atan2(towards[..., 0], towards[..., 2])[:, last_seen]
    steps = torch.remainder(angle.diff(dim=1) + torch.pi, 2 * torch.pi) - torch.pi
    return torch.cat([angle[:, :1], angle[:, :1] + steps.cumsum(1)], 1)


def _shots(numbers: Tensor) -> list[tuple[int, int]]:
    return [span for number in numbers.unique() for span in runs(numbers == number)]


def _averaged(curves: Tensor, deviation: float) -> Tensor:
    """Gaussian average over what there is, [N, T]."""
    far = round(min(3 * deviation, curves.shape[1] - 1))
    offsets = torch.arange(-far, far + 1, device=curves.device)
    weights = torch.exp(-0.5 * (offsets / deviation).square())[None, None].to(curves)
    both = torch.stack([curves, torch.ones_like(curves)], 1).flatten(0, 1)[:, None]
    total, share = (
        torch.nn.functional.conv1d(both, weights, padding=far)[:, 0].unflatten(0, (-1, 2)).unbind(1)
    )
    return total / share

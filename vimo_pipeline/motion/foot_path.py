"""The path over the floor that planted feet tell of.

A video says how a body moves around its hips and little of where it goes; a foot that stands says it.
"""

from dataclasses import replace

import torch
from torch import Tensor

from .motion import Motion
from .planted import Span, planted_spans
from .skeleton import CONTACT_JOINTS, joint_indices

_DEVIATION = 0.2  # seconds, of the Gaussian over the speeds; a shorter one passes the feet's jitter on
_DOUBT = 0.1  # planted joints: with fewer around, the path stays as it was


def led_by_feet(features: Tensor, *, fps: float) -> Tensor:
    """Motions whose path follows their planted feet, not normalised: [N, T, 151] -> the same shape."""
    return torch.stack([_followed(Motion.unpack(one, fps=fps)).pack() for one in features])


def _followed(motion: Motion) -> Motion:
    joints = motion.joints()
    spans = planted_spans(joints, motion.contacts, fps=motion.fps)
    return replace(motion, root=motion.root + path_of_feet(joints, spans, fps=motion.fps))


def path_of_feet(joints: Tensor, spans: list[list[Span]], *, fps: float) -> Tensor:
    """Where the body has to be moved for planted joints to stand still on average, [T, 3] metres; level.

    joints: [T, 24, 3] metres; spans: for each contact joint the frames in which it stands. The path starts
    where it did. Where two feet disagree, or slide for a moment, the path does not follow them.
    """
    steps = joints[:, joint_indices(CONTACT_JOINTS)].diff(dim=0) * joints.new_tensor([1, 0, 1])
    planted = torch.zeros_like(steps[..., :1])
    for joint, held in enumerate(spans):
        for start, stop in held:
            planted[start : stop - 1, joint] = 1
    if not planted.any():
        return torch.zeros_like(joints[:, 0])
    sums = torch.cat([(planted * steps).sum(1), planted.sum(1)], 1)
    slides, count = _calmed(sums, _DEVIATION * fps).split([3, 1], 1)
    return torch.nn.functional.pad((-slides / (count + _DOUBT)).cumsum(0), (0, 0, 1, 0))


def _calmed(curves: Tensor, deviation: float) -> Tensor:
    """Gaussian average over time with nothing beyond the ends, [T, D]."""
    far = max(1, round(3 * deviation))
    offsets = torch.arange(-far, far + 1, device=curves.device, dtype=curves.dtype)
    weights = torch.exp(-0.5 * (offsets / deviation).square())
    kernel = (weights / weights.sum())[None, None]
    return torch.nn.functional.conv1d(curves.mT[:, None], kernel, padding=far)[:, 0].mT

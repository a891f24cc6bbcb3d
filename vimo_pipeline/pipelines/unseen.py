"""Spans in which nobody is seen: imagined up to a limit, and beyond it the body stands still.

What is imagined for minutes has nothing to do with the video any more. So a longer span is imagined at its
ends, next to what was seen, and in its middle one pose goes over into the other where the body stands.
"""

import torch
from torch import Tensor

from ..keypoints import Keypoints
from ..motion.features import MotionFeatures, turn_features, unpack_features
from ..motion.planted import runs
from ..motion.rotations import (
    heading_angle,
    matrix_to_quaternion,
    quaternion_to_matrix,
    slerp,
    turn_about_y,
)

Span = tuple[int, int]  # first frame and the one after the last
SHORTEST_SECONDS = 0.25  # cleaning closes shorter gaps, and a cut hides a person for less


def unseen_spans(keypoints: Keypoints) -> tuple[Span, ...]:
    """Where nobody is seen for longer than a quarter of a second."""
    unseen = torch.from_numpy(~(keypoints.confidence > 0).any(-1))
    return tuple(
        (start, stop) for start, stop in runs(unseen) if stop - start > SHORTEST_SECONDS * keypoints.fps
    )


def still_spans(unseen: tuple[Span, ...], *, frames: int, limit: float) -> tuple[Span, ...]:
    """The middle of each span that is longer than a limit, in frames; at the ends of the clip the far part.

    What is left of the span on both sides together is as long as the limit.
    """
    still = []
    for start, stop in unseen:
        too_long = stop - start - int(min(limit, frames))
        middle = (start + stop - too_long) // 2
        begins = 0 if start == 0 else stop - too_long if stop == frames else middle
        if too_long > 0:
            still.append((begins, begins + too_long))
    return tuple(still)


def stand_still(features: Tensor, still: tuple[Span, ...]) -> Tensor:
    """Motions that stand in these spans, not normalised: [N, T, 151] -> the same shape.

    The last pose before becomes the first after in even turns of the joints. The body stays where it stood,
    and all that follows goes on from there.
    """
    for start, stop in still:
        features = _held(features, start, stop)
    return features


def _held(features: Tensor, start: int, stop: int) -> Tensor:
    if start == 0 or stop == features.shape[1]:
        pose = features[:, [stop if start == 0 else start - 1]].expand(-1, stop - start, -1)
        return torch.cat([features[:, :start], pose, features[:, stop:]], 1)
    after = _continued(features[:, stop:], features[:, start - 1])
    ends = torch.stack([features[:, start - 1], after[:, 0]], 1)
    part = torch.arange(1, stop - start + 1).to(features) / (stop - start + 1)
    return torch.cat([features[:, :start], _between(unpack_features(ends), part).pack(), after], 1)


def _continued(after: Tensor, before: Tensor) -> Tensor:
    """A motion [N, T, 151] turned about y and moved over the floor to start in a place, [N, 151]."""
    old, new = unpack_features(before), unpack_features(after[:, 0])
    turn = turn_about_y(heading_angle(old.rotations[:, 0] @ new.rotations[:, 0].mT))[:, None]  # [N, 1, 3, 3]
    turned = turn_features(after, turn)
    shift = (old.root - unpack_features(turned[:, 0]).root) * after.new_tensor([1, 0, 1])
    return torch.cat([turned[..., :-3], turned[..., -3:] + shift[:, None]], -1)


def _between(ends: MotionFeatures, part: Tensor) -> MotionFeatures:
    """Poses on the way from the first to the second of two frames. [N, 2, ...], [T] -> [N, T, ...]."""
    first, last = matrix_to_quaternion(ends.rotations)[:, :, None].unbind(1)  # [N, 1, 24, 4]
    shape = (len(first), len(part), *first.shape[2:])
    turned = slerp(first.expand(shape), last.expand(shape), part[:, None].expand(shape[:3]))
    contacts, root = (
        torch.lerp(*each[:, :, None].unbind(1), part[:, None]) for each in (ends.contacts, ends.root)
    )
    return MotionFeatures(quaternion_to_matrix(turned), contacts, root)

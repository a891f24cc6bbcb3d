"""Few motions that stand for many: more are drawn than asked for, and those that are alike become one.

Eight draws leave out much of what could be and say some of it twice. The means of eight clusters of many
(k-means; Lloyd 1982) differ more from one another, and whatever may be true, one of them is nearer to it.
"""

import torch
from torch import Generator, Tensor

from ...motion.features import MotionFeatures, unpack_features
from ...motion.kinematics import forward_kinematics
from ...motion.rotations import matrix_to_quaternion, quaternion_to_matrix

LOUDNESS = 1.5  # of the noise: five Euler steps take a third off the spread of what comes out
DRAWS, LONGEST = 8, 20.0  # draws a hypothesis, in motions of at most so many seconds
_ROUNDS = 20


def usual_draws(seconds: float) -> int:
    """How many are drawn for a hypothesis: one in long motions, whose gaps are never all alike."""
    return DRAWS if seconds <= LONGEST else 1


def draws_of(
    hypotheses: int,
    draws: int,
    generator: Generator | list[Generator] | None,
    *,
    likeliest_first: bool,
    calm_last: bool = False,
) -> tuple[int, Generator | list[Generator] | None]:
    """How many motions are drawn in all, and what draws each. The likeliest is drawn once, the calm never."""
    times = [draws] * hypotheses
    if likeliest_first:
        times[0] = 1
    if calm_last:
        times[-1] = 0
    if isinstance(generator, list) and len(generator) == hypotheses:
        generator = [one for one, count in zip(generator, times, strict=True) for _ in range(count)]
    return sum(times), generator


def cluster(drawn: Tensor, count: int, missing: Tensor, *, likeliest_first: bool) -> Tensor:
    """So many motions that stand for all that were drawn, the largest cluster first.

    drawn: [M, T, 151], not normalised and in one world; missing: [T] bool, the frames in which it is compared
    where joints are -> [count, T, 151]. With likeliest_first the first one drawn stays as it is, and first.
    """
    if len(drawn) == count:
        return drawn
    if likeliest_first:
        return torch.cat([drawn[:1], cluster(drawn[1:], count - 1, missing, likeliest_first=False)])
    motion = unpack_features(drawn)
    joints = forward_kinematics(motion.rotations, motion.root)
    members = _clusters(joints[:, missing].flatten(1), count)
    members = members[members.sum(1).argsort(descending=True, stable=True)]
    return torch.cat([_mean(drawn[one]) for one in members])


def _clusters(places: Tensor, count: int) -> Tensor:
    """Which of [M, D] are in which cluster, [count, M] bool; none is empty."""
    centres = _far_apart(places, count)
    for _ in range(_ROUNDS):
        distance = torch.cdist(centres, places)
        members = torch.nn.functional.one_hot(distance.argmin(0), count).T.bool()
        nearest = torch.nn.functional.one_hot(distance.argmin(1), len(places)).bool()
        members = torch.where(members.any(1, keepdim=True), members, nearest)
        centres = members.to(places) @ places / members.sum(1, keepdim=True)
    return members


def _far_apart(places: Tensor, count: int) -> Tensor:
    """The one nearest to the middle, then always the one farthest from those before. [M, D] -> [count, D]."""
    chosen = places[(places - places.mean(0)).norm(dim=1).argmin()][None]
    while len(chosen) < count:
        farthest = torch.cdist(places, chosen).amin(1).argmax()
        chosen = torch.cat([chosen, places[farthest][None]])
    return chosen


def _mean(drawn: Tensor) -> Tensor:
    """The mean motion, of rotations as quaternions on one side of the sphere. [M, T, 151] -> [1, T, 151]."""
    motion = unpack_features(drawn)
    turned = matrix_to_quaternion(motion.rotations)
    turned = torch.where((turned * turned[:1]).sum(-1, keepdim=True) < 0, -turned, turned)
    rotations = quaternion_to_matrix(torch.nn.functional.normalize(turned.mean(0, keepdim=True), dim=-1))
    contacts, root = (each.mean(0, keepdim=True) for each in (motion.contacts, motion.root))
    return MotionFeatures(rotations, contacts, root).pack()

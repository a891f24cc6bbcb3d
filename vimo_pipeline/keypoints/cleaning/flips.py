"""Swapped sides: a detector sees a body back to front, or its legs exchanged in profile, at full confidence.

Only motion tells. A real body moves on; a swap throws every left keypoint to where the right one was. So
the sides are chosen that need the least acceleration over the whole shot, which also lets legs cross and
bodies spin."""

import numpy as np
from numpy import ndarray

from ..keypoints import COCO_NAMES, MIRRORED
from .body_size import body_size

# Costs are mean accelerations over the seen keypoints, in body sizes a frame a frame.
FLIP_COST = 0.15  # what a change of sides must save
# A frame: of two like stories, the one that trusts the detector for longer. With 0.004 the legs of rendered
# people (benchmarks/detector_noise.py) came out exchanged in 3.9 % of the frames, with 0.02 in 1.2 %.
SWAPPED_COST = 0.02
FARTHEST = 1.5  # no keypoint contributes more than this
SLOWEST_FOR_LEGS = 18.0  # fps; below it legs pass each other between two frames
MEMORY_SECONDS = 0.1  # how fast a pose is forgotten while nobody is seen

LEGS = [index for index, name in enumerate(COCO_NAMES) if name.endswith(("knee", "ankle"))]
WHOLE_BODY = list(range(len(COCO_NAMES)))


def undo_flips(points: ndarray, *, fps: float) -> ndarray:
    """Swap left and right back where this explains the motion better: first of the whole body, then of the
    legs. points: [T, 17, 3] of one shot."""
    for joints in (WHOLE_BODY, LEGS) if fps >= SLOWEST_FOR_LEGS else (WHOLE_BODY,):
        swapped = find_flips(points, joints, fps=fps)
        points = np.where(swapped[:, None, None], swap_sides(points, joints), points)
    return points


def swap_sides(points: ndarray, joints: list[int] = WHOLE_BODY) -> ndarray:
    """Call every left keypoint right and the other way round, among `joints`. [..., 17, 3]"""
    swapped = points.copy()
    swapped[..., joints, :] = points[..., [MIRRORED[joint] for joint in joints], :]
    return swapped


def find_flips(points: ndarray, joints: list[int] = WHOLE_BODY, *, fps: float) -> ndarray:
    """Frames in which the sides of `joints` are swapped, bool [T]."""
    seen = np.flatnonzero(points[:, joints, 2].any(-1))
    swapped = np.zeros(len(points), bool)
    if len(seen) > 2:
        size = body_size(points, fps=fps)[seen]
        swapped[seen] = _cheapest_sides(_costs(points[seen], joints, size, seen, fps))
    return swapped


def _costs(points: ndarray, joints: list[int], size: ndarray, frames: ndarray, fps: float) -> ndarray:
    """Cost of three neighbouring frames whose first and last have the sides of the middle one (0) or the
    others (1): [T - 2, 2, 2]."""
    swapped = swap_sides(points, joints)
    last_gap = np.maximum(np.diff(frames)[:-1], np.diff(frames)[1:])
    memory = np.exp(-(last_gap - 1) / (MEMORY_SECONDS * fps))
    costs = np.empty((len(points) - 2, 2, 2))
    for first in range(2):
        for last in range(2):
            before, after = (swapped if first else points)[:-2], (swapped if last else points)[2:]
            acceleration = _acceleration(
                before[:, joints], points[1:-1, joints], after[:, joints], size[1:-1]
            )
            costs[:, first, last] = memory * acceleration + FLIP_COST * last
    return costs


def _acceleration(before: ndarray, here: ndarray, after: ndarray, size: ndarray) -> ndarray:
    """Mean over the keypoints seen in all three frames, in body sizes, [T]."""
    bend = np.linalg.norm((before + after - 2 * here)[..., :2], axis=-1) / size[:, None]
    seen = (before[..., 2] > 0) & (here[..., 2] > 0) & (after[..., 2] > 0)
    return (bend.clip(max=FARTHEST) * seen).sum(-1) / seen.sum(-1).clip(min=1)


def _cheapest_sides(costs: ndarray) -> ndarray:
    """Viterbi over (sides of the frame before, sides of this frame), 0 as detected and 1 swapped: bool [T].
    The loop is over frames because each step needs the one before."""
    side = np.arange(2)
    changes = side[:, None] ^ side  # [a, b] 1 where a and b differ
    total = SWAPPED_COST * (side[:, None] + side) + FLIP_COST * changes  # [before, here]
    choices = []
    for cost in costs:
        step = cost[changes[:, :, None], changes.T[None, :, :]]  # [before, here, after]
        arriving = total[:, :, None] + step
        choices.append(arriving.argmin(0))  # [here, after]
        total = arriving.min(0) + SWAPPED_COST * side
    here, after = np.unravel_index(total.argmin(), total.shape)
    path = [int(after), int(here)]
    for choice in reversed(choices):
        path.append(int(choice[path[-1], path[-2]]))
    return np.array(path[::-1], bool)

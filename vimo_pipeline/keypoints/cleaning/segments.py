"""Switched persons and phantoms: a track that jumps further than a body can is not one body."""

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ..keypoints import Keypoints
from ..normalise import shot_of_frame
from .body_size import body_size, middle, spread

FASTEST = 0.6  # body sizes a frame at 30 fps, about 9 m/s across the picture
LARGEST_RESIZE = 1.6  # from one frame to the next
LARGEST_CHANGE = 3.0  # of size however long nobody was seen
FOREIGN_SECONDS = (
    2.0  # a shorter segment elsewhere is another person or a phantom; a longer one is a new shot
)
PHANTOM_SECONDS = 0.2  # a shorter segment with nothing near it is nobody at all
FEWEST_JOINTS = 4  # fewer seen keypoints than this say neither where a body is nor how large


class Segment(NamedTuple):
    """Frames first to last in which one body moves without a jump, and in how many of them it is seen."""

    first: int
    last: int
    seen: int


def drop_foreign_segments(keypoints: Keypoints) -> Keypoints:
    """Mask short stretches that belong to someone else, and mark a cut where the track goes over to another
    body for good. The longest segment is trusted; from it, whatever cannot be reached in time is
    foreign."""
    points = keypoints.points * (_joints_seen(keypoints.points) >= FEWEST_JOINTS)[:, None, None]
    kept, cuts = np.zeros(len(points), bool), set(keypoints.cuts)
    shots = shot_of_frame(len(points), keypoints.cuts)
    for shot in range(shots[-1] + 1):
        start, stop = np.searchsorted(shots, [shot, shot + 1])
        segments = find_segments(points[start:stop], fps=keypoints.fps)
        if segments:
            own, jumps = _own_segments(points[start:stop], segments, keypoints.fps)
            cuts.update(start + segment.first for segment in jumps)
            for segment in own:
                kept[start + segment.first : start + segment.last + 1] = True
    return replace(keypoints, points=points * kept[:, None, None], cuts=tuple(sorted(cuts)))


def find_segments(points: ndarray, *, fps: float) -> list[Segment]:
    """Split the seen frames of one shot, [T, 17, 3], wherever the body jumps or changes size at once."""
    seen = np.flatnonzero(points[..., 2].any(-1))
    if len(seen) == 0:
        return []
    size = body_size(points, fps=fps)
    breaks = [0, *(np.flatnonzero(~_reachable(points, size, seen[:-1], seen[1:], fps)) + 1), len(seen)]
    return [Segment(int(seen[a]), int(seen[b - 1]), b - a) for a, b in pairwise(breaks)]


def _own_segments(
    points: ndarray, segments: list[Segment], fps: float
) -> tuple[list[Segment], list[Segment]]:
    """The segments to keep, and those of them that start with a jump."""
    size = body_size(points, fps=fps)
    main = max(range(len(segments)), key=lambda index: segments[index].seen)
    own, jumps = [segments[main]], []
    for segment in segments[main + 1 :]:
        if _joins(points, size, own[-1], segment, fps):
            own.append(segment)
        elif segment.seen >= FOREIGN_SECONDS * fps:
            own.append(segment)
            jumps.append(segment)
    for segment in segments[:main][::-1]:
        if _joins(points, size, segment, own[0], fps):
            own.insert(0, segment)
        elif segment.seen >= FOREIGN_SECONDS * fps:
            jumps.append(own[0])
            own.insert(0, segment)
    return own, jumps


def _joins(points: ndarray, size: ndarray, before: Segment, after: Segment, fps: float) -> bool:
    far_apart = after.first - before.last > PHANTOM_SECONDS * fps
    if far_apart and min(before.seen, after.seen) < PHANTOM_SECONDS * fps:
        return False
    return bool(_reachable(points, size, np.array([before.last]), np.array([after.first]), fps)[0])


def _reachable(points: ndarray, size: ndarray, before: ndarray, after: ndarray, fps: float) -> ndarray:
    """Whether one body can be at frame `before` and at frame `after`, for pairs of frames: bool [N]."""
    both = (points[before, :, 2:] > 0) & (points[after, :, 2:] > 0)
    enough = both.sum((1, 2)) >= FEWEST_JOINTS
    both = both | ~enough[:, None, None]  # too few in common: compare all that is seen of each
    a, b = points[before] * both, points[after] * both
    steps = (after - before) * max(1.0, 30.0 / fps)
    yardstick = np.maximum(size[before], size[after])
    moved = np.linalg.norm(middle(b) - middle(a), axis=-1) / yardstick
    resized = np.abs(np.log(spread(b) / spread(a)))
    may_resize = (np.log(LARGEST_RESIZE) * steps).clip(max=np.log(LARGEST_CHANGE))
    return (moved <= FASTEST * steps) & (resized <= may_resize)


def _joints_seen(points: ndarray) -> ndarray:
    return (points[..., 2] > 0).sum(-1)

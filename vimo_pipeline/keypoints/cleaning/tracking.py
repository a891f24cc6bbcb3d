"""One person kept through a clip in which several are seen."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy import ndarray

from ..keypoints import NUM_KEYPOINTS
from .body_size import middle, spread

FARTHEST = 0.8  # body sizes from where a person is expected, a frame at 30 fps
LARGEST_RESIZE = 2.0
FORGOTTEN_SECONDS = 0.7  # a person away for longer comes back as a new track, to be joined by `follow_person`


@dataclass(frozen=True)
class Person:
    """Somebody who can be followed through a clip."""

    index: int  # what to give as `person`
    seconds: float  # in view
    first_frame: int
    box: tuple[int, int, int, int]  # left, top, right, bottom in that frame, pixels


@dataclass
class Track:
    """One person as long as nobody else can be mistaken for them."""

    frames: list[int] = field(default_factory=list)
    poses: list[ndarray] = field(default_factory=list)  # [17, 3] each

    @property
    def weight(self) -> float:
        """Time seen times size: what makes somebody the subject of a video."""
        return float(sum(spread(pose) for pose in self.poses))

    def expected(self, frame: int) -> ndarray:
        """Where the middle of the body goes on at its last pace, [2]."""
        last = middle(self.poses[-1])
        if len(self.poses) < 2:
            return last
        pace = (last - middle(self.poses[-2])) / (self.frames[-1] - self.frames[-2])
        return last + pace * min(frame - self.frames[-1], 3)


def follow_person(
    people: Sequence[ndarray], person: int | None = None, *, fps: float, cuts: tuple[int, ...] = ()
) -> ndarray:
    """Keypoints of one person, [T, 17, 3], zero where they are not seen, from everyone seen in every frame
    ([P, 17, 3] each; P varies). `person` counts from the most prominent of each shot (None: 0)."""
    if person is not None and person < 0:
        raise ValueError(f"person must be 0 or more, got {person}")
    if not person and all(len(poses) <= 1 for poses in people):
        return _alone(people)
    points = np.zeros((len(people), NUM_KEYPOINTS, 3), np.float32)
    most = 0
    for start, tracks in _tracks_by_shot(people, fps, cuts):
        most = max(most, len(tracks))
        if len(tracks) > (person or 0):
            chosen = tracks[person or 0]
            points[start + np.array(chosen.frames)] = chosen.poses
    if person is not None and person >= most:
        raise ValueError(
            f"person {person} does not exist: {most} found, counted from 0 (largest and longest seen first)"
        )
    return points


def list_people(people: Sequence[ndarray], *, fps: float, cuts: tuple[int, ...] = ()) -> list[Person]:
    """Whom `follow_person` can follow, in the order in which it counts them."""
    persons: dict[int, Person] = {}
    for start, tracks in _tracks_by_shot(people, fps, cuts):
        for index, track in enumerate(tracks):
            seconds = len(track.frames) / fps
            if index in persons:
                persons[index] = replace(persons[index], seconds=persons[index].seconds + seconds)
            else:
                persons[index] = Person(index, seconds, start + track.frames[0], _box(track.poses[0]))
    return [persons[index] for index in sorted(persons)]


def find_tracks(people: Sequence[ndarray], *, fps: float) -> list[Track]:
    """Everybody in one shot, the most prominent first; tracks that one body can join are one."""
    tracks = sorted(_link(people, fps), key=lambda track: -track.weight)
    joined: list[Track] = []
    for track in tracks:
        owner = next((other for other in joined if _can_join(other, track, fps)), None)
        if owner is None:
            joined.append(track)
        else:
            _join(owner, track)
    return sorted(joined, key=lambda track: -track.weight)


def _tracks_by_shot(
    people: Sequence[ndarray], fps: float, cuts: tuple[int, ...]
) -> Iterator[tuple[int, list[Track]]]:
    """First frame and tracks of every shot."""
    edges = [0, *(cut for cut in sorted(cuts) if 0 < cut < len(people)), len(people)]
    for start, stop in pairwise(edges):
        yield start, find_tracks(people[start:stop], fps=fps)


def _box(pose: ndarray) -> tuple[int, int, int, int]:
    seen = pose[pose[:, 2] > 0, :2]
    left, top, right, bottom = np.concatenate([seen.min(0), seen.max(0)]).round().astype(int).tolist()
    return left, top, right, bottom


def _alone(people: Sequence[ndarray]) -> ndarray:
    """Nothing to choose: whoever is seen, jumps included; cleaning judges these."""
    return np.stack(
        [poses[0] if len(poses) else np.zeros((NUM_KEYPOINTS, 3), np.float32) for poses in people]
    )


def _link(people: Sequence[ndarray], fps: float) -> list[Track]:
    """Carry every person from frame to frame, nearest pairs first. The loop is over frames: each needs the
    one before."""
    tracks: list[Track] = []
    for frame, poses in enumerate(people):
        poses = [pose for pose in poses if (pose[:, 2] > 0).any()]
        alive = [track for track in tracks if frame - track.frames[-1] <= FORGOTTEN_SECONDS * fps]
        pairs = sorted(
            (_distance(track, pose, frame, fps), a, b)
            for a, track in enumerate(alive)
            for b, pose in enumerate(poses)
        )
        free_tracks, free_poses = set(range(len(alive))), set(range(len(poses)))
        for distance, a, b in pairs:
            if distance < 1 and a in free_tracks and b in free_poses:
                alive[a].frames.append(frame)
                alive[a].poses.append(poses[b])
                free_tracks.discard(a)
                free_poses.discard(b)
        tracks += [Track([frame], [poses[b]]) for b in sorted(free_poses)]
    return tracks


def _distance(track: Track, pose: ndarray, frame: int, fps: float) -> float:
    """How far a pose is from continuing a track, 1 where it cannot any more."""
    gap = (frame - track.frames[-1]) * max(1.0, 30.0 / fps)
    before, now = spread(track.poses[-1]), spread(pose)
    if not 1 / LARGEST_RESIZE < now / before < LARGEST_RESIZE:
        return np.inf
    moved = np.linalg.norm(middle(pose) - track.expected(frame)) / max(before, now)
    return float(moved / (FARTHEST * gap**0.5))


def _can_join(one: Track, other: Track, fps: float) -> bool:
    """Whether `other` fits into a gap of `one`, or before or after it, and one body can have gone between."""
    first, last = other.frames[0], other.frames[-1]
    place = bisect_left(one.frames, first)
    if place < len(one.frames) and one.frames[place] <= last:
        return False
    steps = max(1.0, 30.0 / fps)
    before, after = place - 1, place
    comes = before < 0 or _near(one.poses[before], other.poses[0], steps * (first - one.frames[before]))
    goes = after == len(one.frames) or _near(
        other.poses[-1], one.poses[after], steps * (one.frames[after] - last)
    )
    return comes and goes


def _join(one: Track, other: Track) -> None:
    place = bisect_left(one.frames, other.frames[0])
    one.frames[place:place] = other.frames
    one.poses[place:place] = other.poses


def _near(a: ndarray, b: ndarray, steps: float) -> bool:
    size = max(spread(a), spread(b))
    resized = max(spread(a), spread(b)) / min(spread(a), spread(b))
    return bool(
        np.linalg.norm(middle(b) - middle(a)) / size < FARTHEST * steps**0.5 and resized < LARGEST_RESIZE
    )

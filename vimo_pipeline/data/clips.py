"""`Clip`: a named motion and where it came from; `Recording`: one that has not been read yet."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..keypoints.keypoints import Keypoints
from ..motion import Motion
from ..motion.skeleton import CONTACT_JOINTS, joint_indices

FPS = 30.0  # of everything that is trained on
TOE_HEIGHT = 0.015  # metres of a toe joint over its sole: the floor of the motion packs
_FLOOR_SHARE = 0.01  # of frames may lie deeper: marker glitches


@dataclass(frozen=True)
class Clip:
    """A named motion and where it came from."""

    name: str
    motion: Motion
    category: str
    licence: str
    views: tuple[Keypoints, ...] = ()  # what cameras saw of it, frame by frame as the motion


@dataclass(frozen=True)
class Recording:
    """One recording of a source, by name, and how to read it."""

    name: str
    read: Callable[[], Clip]
    group: str  # recordings of one group are alike and never stand on both sides of a split
    split: str | None = None  # None: the source does not say
    stamp: str = ""  # another one when its file, or how it is read, changes; empty where nobody knows


def stamp_of(file: Path, *options: object) -> str:
    """When a file was written and how large it is, beside what else decides what is read from it."""
    seen = file.stat()
    return repr((seen.st_mtime_ns, seen.st_size, *options))


def at_training_rate(motion: Motion) -> Motion:
    """The motion at 30 fps, contacts read anew off its feet."""
    motion = motion.resample(FPS)
    return Motion.from_rotations(motion.rotations, motion.root, fps=FPS)


def on_floor(motion: Motion) -> Motion:
    """The motion lifted or lowered so that its deepest steps stand on y = 0."""
    feet = motion.joints()[:, joint_indices(CONTACT_JOINTS), 1].amin(1)
    height = feet.quantile(_FLOOR_SHARE) - TOE_HEIGHT
    root = motion.root - height * motion.root.new_tensor([0, 1, 0])
    return Motion(motion.rotations, root, motion.contacts, motion.fps)

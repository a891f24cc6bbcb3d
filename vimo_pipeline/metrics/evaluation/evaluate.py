"""Every figure of the papers for a set of motions, each beside what luck and doing nothing have."""

import math
import platform
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from ...motion import Motion
from ..distribution.joints_at_60 import FPS as FEATURE_FPS
from ..distribution.joints_at_60 import SHORTEST
from ..physical_contact import FPS
from .few_shot import few_shot
from .figures import Group
from .likeness import likeness
from .motion_sets import MotionSet
from .music import dancing, heard_beats, music_files
from .paired import paired
from .partners import partners
from .physics import physics
from .several import several

Progress = Callable[[str, float], None]  # stage, share done in [0, 1]


@dataclass(frozen=True)
class Counts:
    """How much of a set was looked at."""

    source: str
    motions: int
    hypotheses: int
    windows: int
    shorter: int
    """Motions shorter than a window, which were taken whole."""
    seconds: float
    fps: dict[str, int]
    """Frame rate -> motions."""
    copies: int
    unreadable: dict[str, str]


@dataclass(frozen=True)
class Evaluation:
    """All figures, and what they were taken of."""

    groups: tuple[Group, ...]
    generated: Counts
    reference: Counts
    seconds: float
    """Of a window."""
    seed: int
    repeats: int
    versions: dict[str, str]


def evaluate(
    generated: MotionSet,
    reference: MotionSet,
    *,
    distribution: bool = True,
    physical: bool = True,
    music: str | Path | None = None,
    pairs: bool = False,
    limited_data: bool = False,
    humans: MotionSet | None = None,
    seconds: float = 5.0,
    repeats: int = 100,
    seed: int = 0,
    progress: Progress = lambda stage, share: None,
) -> Evaluation:
    """The groups that are asked for.

    Of several hypotheses the first counts, except for best of K and calibration. Distribution figures are of
    windows of `seconds`, others of whole motions. pairs: motions with the name of a reference motion have it
    for truth. humans: whom the generated partners danced with, by name.
    """
    ours, theirs = generated.first(), reference.first()
    groups = []
    if distribution:
        cut = [windows(motions, seconds=seconds) for motions in (ours, theirs)]
        _check_counts(*map(len, cut), seconds)
        groups.append(likeness(*cut, seed=seed, repeats=repeats, progress=progress))
    if physical:
        groups.append(physics([*ours.values()], [*theirs.values()], seed=seed, progress=progress))
    if music is not None:
        groups.append(_to_music(ours, theirs, Path(music), seed, progress))
    if pairs:
        groups.append(paired(generated.motions, theirs, seed=seed, progress=progress))
        groups.append(several(generated.motions, theirs, seed=seed))
    if limited_data:
        groups.append(few_shot([*ours.values()], [*theirs.values()], seed=seed, progress=progress))
    if humans is not None:
        groups.append(partners(ours, humans.first()))
    if not groups:
        raise ValueError("nothing to measure: all groups were left out, and no other was asked for")
    counts = [_counted(each, seconds) for each in (generated, reference)]
    return Evaluation(tuple(filter(None, groups)), *counts, seconds, seed, repeats, _versions())


def windows(motions: Mapping[str, Motion], *, seconds: float) -> list[Motion]:
    """Motions cut into windows one after the other; a rest is dropped, a shorter motion stays whole.

    The last may lack less than a thirtieth of a second, as motions do that were resampled from 30 fps.
    """
    if not 0 < seconds < float("inf"):
        raise ValueError(f"seconds must be a positive number, got {seconds}")
    cut = []
    for name, motion in motions.items():
        frames = max(1, round(seconds * motion.fps))
        if min(frames, len(motion)) < SHORTEST * motion.fps / FEATURE_FPS:
            raise ValueError(
                f"{name} has windows of {min(frames, len(motion)) / motion.fps:.2f} s; features need 0.12 s"
            )
        count = max(1, _whole_windows(motion, frames))
        cut += [motion.frames(start * frames, (start + 1) * frames) for start in range(count)]
    return cut


def _whole_windows(motion: Motion, frames: int) -> int:
    lacking = math.ceil(motion.fps / FPS) - 1  # frames between two of 30 fps
    return (len(motion) + min(lacking, frames - 1)) // frames


def _check_counts(generated: int, reference: int, seconds: float) -> None:
    """Four windows make a floor and an interval; a covariance needs two, and more than 72 to be of use."""
    for name, count in (("generated", generated), ("reference", reference)):
        if count < 4:
            raise ValueError(
                f"FID, KID and Div need at least 4 {name} windows of {seconds:g} s, better 200, got {count}; "
                "give more motions, shorter windows (--seconds), or leave them out (--no-distribution)"
            )


def _to_music(
    ours: dict[str, Motion], theirs: dict[str, Motion], music: Path, seed: int, progress: Progress
) -> Group:
    """The reference stands beside only where a folder has its music: one file is that of the generated."""
    files = music_files(ours, music)
    others = music_files(theirs, music) if music.is_dir() else {}
    heard = heard_beats([*files.values(), *others.values()], progress=partial(progress, "music"))
    beats, reference_beats = ({name: heard[file] for name, file in part.items()} for part in (files, others))
    return dancing(
        ours, beats, reference=theirs, reference_beats=reference_beats, seed=seed, progress=progress
    )


def _counted(motions: MotionSet, seconds: float) -> Counts:
    first = motions.first().values()
    rates = Counter(f"{motion.fps:g}" for motion in first)
    cut = [_whole_windows(motion, max(1, round(seconds * motion.fps))) for motion in first]
    return Counts(
        source=motions.source,
        motions=len(first),
        hypotheses=sum(map(len, motions.motions.values())),
        windows=sum(max(1, count) for count in cut),
        shorter=sum(count == 0 for count in cut),
        seconds=sum(motion.seconds for motion in first),
        fps=dict(sorted(rates.items())),
        copies=motions.copies,
        unreadable=motions.unreadable,
    )


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("vimo-pipeline", "torch", "numpy")}
    return {**packages, "python": platform.python_version()}

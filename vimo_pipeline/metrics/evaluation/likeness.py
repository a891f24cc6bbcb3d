"""The group of figures that say whether motions, as a set, look like the reference."""

from collections.abc import Callable, Sequence

import torch
from torch import Generator

from ...motion import Motion
from ..distribution import DistributionScores, Score, clip_features, compare_features
from ..distribution.joints_at_60 import FPS, SHORTEST
from .figures import Figure, Group, within

Progress = Callable[[str, float], None]  # stage, share done in [0, 1]

TITLES = {"kinetic": "k", "kinetic_legacy": "k legacy", "manual": "m"}


def likeness(
    generated: Sequence[Motion],
    reference: Sequence[Motion],
    *,
    seed: int = 0,
    repeats: int = 100,
    progress: Progress = lambda stage, share: None,
) -> Group:
    """FID, KID and Div of windows, kinetic (fixed, legacy) and manual; beside them statues."""
    rows = clip_features(generated, progress=lambda share: progress("features", share / 2))
    aim = clip_features(reference, progress=lambda share: progress("features", 0.5 + share / 2))
    still = clip_features([_short_statue(motion) for motion in generated])
    figures, found = [], {}
    for done, (name, title) in enumerate(TITLES.items()):
        progress("comparing", done / len(TITLES))
        scores, statues = (
            compare_features(sets[name], aim[name], repeats=count, generator=Generator().manual_seed(seed))
            for sets, count in ((rows, repeats), (still, 1))
        )
        figures += _figures(title, scores, statues)
        found[title] = scores
    progress("comparing", 1.0)
    return Group(
        "distribution", "the reference against itself", "static pose", tuple(figures), tuple(_notes(found))
    )


def _figures(title: str, scores: DistributionScores, statues: DistributionScores) -> list[Figure]:
    varied = Figure(
        f"Div_{title}", "", scores.diversity, scores.diversity_interval, scores.diversity_floor,
        statues.diversity, not within(scores.diversity, scores.diversity_floor), digits=2,
    )  # fmt: skip
    return [
        _distance(f"FID_{title}", scores.fid, statues.fid.value),
        _distance(f"KID_{title}", scores.kid, statues.kid.value),
        varied,
    ]


def _distance(name: str, score: Score, still: float) -> Figure:
    """A distance below its floor is as near as can be, so only one above it is apart."""
    return Figure(
        name, "", score.value, score.interval, score.floor, still, score.value > score.floor.high, digits=2
    )


def _notes(found: dict[str, DistributionScores]) -> list[str]:
    any_of = next(iter(found.values()))
    notes = [f"{any_of.clips} windows against {any_of.reference_clips} of the reference"]
    if any_of.fid.floor.clips < any_of.clips:
        half = any_of.fid.floor.clips
        notes.append(f"the floor is of {half} windows, half of the reference: that of FID is too high")
    if singular := [f"FID_{title}" for title, scores in found.items() if scores.singular]:
        notes.append(
            f"{', '.join(singular)}: no more windows than features, so a covariance is singular and FID "
            "mostly bias; read KID"
        )
    for title, scores in found.items():
        if scores.left_out:
            notes.append(f"{title}: {scores.left_out} features never vary in the reference and are left out")
    return notes


def _short_statue(motion: Motion) -> Motion:
    """The first pose held; a statue has the same features however long it stands."""
    first = torch.zeros(SHORTEST, dtype=torch.long)
    return Motion(motion.rotations[first], motion.root[first], motion.contacts[first], FPS)

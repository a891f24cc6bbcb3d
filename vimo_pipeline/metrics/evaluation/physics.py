"""The group of figures that say whether a body could have moved so."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Generator

from ...motion import Motion
from ..feet import foot_skate, foot_skating_ratio
from ..ground import ground_penetration
from ..physical_contact import FPS, WINDOW, physical_contact
from ..smoothness import jitter
from .figures import Group, Rows, mean_figure, weighted_mean

Progress = Callable[[str, float], None]


class _Column(NamedTuple):
    title: str
    unit: str
    digits: int


_COLUMNS = (
    _Column("PFC", "", 3),
    _Column("energy", "J/kg", 3),
    _Column("foot skate", "m/s", 3),
    _Column("skating frames", "", 3),
    _Column("penetration", "mm", 1),
    _Column("frames under the floor", "", 3),
    _Column("jitter", "m/s³", 1),
)


def physics(
    generated: Sequence[Motion],
    reference: Sequence[Motion],
    *,
    seed: int = 0,
    progress: Progress = lambda stage, share: None,
) -> Group:
    """PFC beside energy, skate, penetration and jitter: means over frames of whole motions at 30 fps."""
    found = _table(generated, lambda share: progress("physics", share / 2))
    aim = _table(reference, lambda share: progress("physics", 0.5 + share / 2))
    still = _still(generated)
    generator = Generator().manual_seed(seed)
    figures = tuple(
        mean_figure(
            column.title, column.unit, found[column.title], aim[column.title],
            generator=generator, beside=still.get(column.title, 0.0), digits=column.digits,
        )
        for column in _COLUMNS
    )  # fmt: skip
    return Group("physics", "the reference", "static pose", figures, tuple(_notes(generated, reference)))


def _table(motions: Sequence[Motion], progress: Callable[[float], None]) -> dict[str, Rows]:
    """Values and weights of all motions, by column."""
    rows = []
    for done, motion in enumerate(motions):
        progress(done / len(motions))
        rows.append(_row(motion))
    progress(1.0)
    table = torch.tensor(rows, dtype=torch.float64)  # [N, columns, 2]
    return {column.title: tuple(table[:, place].unbind(-1)) for place, column in enumerate(_COLUMNS)}


def _row(motion: Motion) -> list[tuple[float, float]]:
    """Value and weight of each column; a figure that there is not has no weight."""
    motion = _from_the_origin(motion).resample(FPS)
    joints, frames = motion.joints(), len(motion)
    planted = float((motion.contacts[:-1] > 0.5).sum())
    below = ground_penetration(motion)
    missing = (0.0, 0.0)
    contact = energy = missing
    if frames >= WINDOW:
        found = physical_contact(motion)
        contact, energy = (found.score, found.windows), (found.energy, found.windows)
    return [
        contact,
        energy,
        (float(foot_skate(joints, motion.contacts, fps=FPS)), planted) if planted else missing,
        (float(foot_skating_ratio(joints, fps=FPS)), frames),
        (1000 * below.depth, max(below.share * frames, 1e-6)),  # 0 where nobody goes under
        (below.share, frames),
        (float(jitter(joints, fps=FPS).mean()), frames - 3) if frames > 3 else missing,
    ]


def _from_the_origin(motion: Motion) -> Motion:
    """Starting at x = z = 0, in double precision: a far world costs no digits."""
    root = motion.root.double()
    return replace(
        motion, rotations=motion.rotations.double(), root=root - root[0] * root.new_tensor([1, 0, 1])
    )


def _still(motions: Sequence[Motion]) -> dict[str, float]:
    """What the first poses have, held: all that counts movement is 0, but a foot may be under the floor."""
    below = [ground_penetration(motion.frames(0, 1)) for motion in motions]
    depths = torch.tensor([each.depth for each in below]), torch.tensor([each.share for each in below])
    return {
        "penetration": 1000 * weighted_mean((depths[0], depths[1].clamp(min=1e-6))),
        "frames under the floor": float(depths[1].mean()),
    }


def _notes(generated: Sequence[Motion], reference: Sequence[Motion]) -> list[str]:
    notes = ["a static pose has no PFC, no skate and no jitter: read them beside energy"]
    for name, motions in (("generated", generated), ("reference", reference)):
        short = sum((len(motion) - 1) * FPS / motion.fps + 1 < WINDOW - 1e-6 for motion in motions)
        bent = sum(motion.fps % FPS != 0 for motion in motions)
        if short:
            notes.append(f"{short} of {len(motions)} {name} motions are shorter than 5 s and have no PFC")
        if bent:
            notes.append(
                f"{bent} of {len(motions)} {name} motions are no multiple of 30 fps; resampling bends their "
                "paths, which lowers PFC and changes jitter"
            )
    return notes

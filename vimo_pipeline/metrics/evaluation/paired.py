"""The group of figures for motions whose truth is known: how far off, for how many frames, how sure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ...motion import Motion
from ..feet import contact_f1, foot_skate
from ..person_frames import person_frame_coverage
from ..physical_contact import FPS
from ..pose_error import mpjpe, pa_mpjpe
from ..smoothness import acceleration_error
from ..world import root_trajectory_error, w_mpjpe, wa_mpjpe
from .figures import Figure, Group, mean_figure

Hypotheses = tuple[Motion, ...]
SHORTEST = 3  # frames: an acceleration
SEGMENT = 100  # frames: WHAM's pieces for errors in the world


class _Column(NamedTuple):
    title: str
    unit: str
    digits: int
    of: Callable[["_Pair"], Tensor]
    most_is_best: bool = False


class _Pair:
    """A motion and the truth over the frames that both have, at 30 fps."""

    def __init__(self, motion: Motion, truth: Motion) -> None:
        frames = min(len(motion), len(truth))
        self.motion, self.truth = motion.frames(0, frames), truth.frames(0, frames)
        self.joints = self.motion.joints(), self.truth.joints()

    def piecewise(self, error: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
        """An error in each piece of 100 frames; what is left over counts only where it is all there is."""
        pieces = zip(*(joints.split(SEGMENT) for joints in self.joints), strict=True)
        whole = [pair for pair in pieces if len(pair[0]) == SEGMENT] or [self.joints]
        return torch.cat([error(*pair) for pair in whole])


_COLUMNS = (
    _Column("MPJPE", "mm", 1, lambda pair: 1000 * mpjpe(*pair.joints)),
    _Column("PA-MPJPE", "mm", 1, lambda pair: 1000 * pa_mpjpe(*pair.joints)),
    _Column("WA-MPJPE", "mm", 0, lambda pair: 1000 * pair.piecewise(wa_mpjpe)),
    _Column("W-MPJPE", "mm", 0, lambda pair: 1000 * pair.piecewise(w_mpjpe)),
    _Column("RTE", "mm", 0, lambda pair: 1000 * root_trajectory_error(pair.motion.root, pair.truth.root)),
    _Column("acceleration error", "m/s²", 2, lambda pair: acceleration_error(*pair.joints, fps=FPS)),
    _Column(
        "foot skate, true contacts", "m/s", 3,
        lambda pair: foot_skate(pair.joints[0], pair.truth.contacts, fps=FPS),
    ),
    _Column("contact F1", "", 3, lambda pair: contact_f1(pair.motion.contacts, pair.truth.contacts), True),
)  # fmt: skip


def paired(
    generated: Mapping[str, Hypotheses],
    reference: Mapping[str, Motion],
    *,
    seed: int = 0,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Group:
    """Errors of the motions that have the name of a reference motion, against those with a wrong truth.

    Frame k is compared with frame k, at 30 fps. Frames of the reference beyond a motion's end, and motions of
    the reference that nothing was generated for, count as not answered.
    """
    pairs = matched(generated, reference)
    truths = [truth for _, truth in pairs]
    others = [truths[place - 1] for place in range(len(truths))]
    right, wrong = [], []
    for done, ((hypotheses, truth), other) in enumerate(zip(pairs, others, strict=True)):
        progress("paired", done / len(pairs))
        right.append(_row(hypotheses[0], truth))
        wrong.append(_row(hypotheses[0], other))
    progress("paired", 1.0)
    generator = Generator().manual_seed(seed)
    figures = [_coverage(generated, reference), *_errors(right, wrong, generator)]
    notes = [
        f"{len(pairs)} of {len(reference)} reference motions have a generated one of their name",
        f"WA- and W-MPJPE are of pieces of {SEGMENT} frames, as WHAM's; all others of whole motions",
    ]
    return Group("paired", "the truth of another motion", "", tuple(figures), tuple(notes))


def matched(
    generated: Mapping[str, Hypotheses], reference: Mapping[str, Motion]
) -> list[tuple[Hypotheses, Motion]]:
    """Motions and their truths, by name, at 30 fps in double precision."""
    names = [name for name in reference if name in generated]
    if not names:
        raise ValueError(
            f"no name is both generated ({_some(generated)}) and in the reference ({_some(reference)}), so "
            "nothing can be paired"
        )
    return [
        (tuple(_prepared(motion) for motion in generated[name]), _prepared(reference[name])) for name in names
    ]


def _prepared(motion: Motion) -> Motion:
    motion = motion.resample(FPS)
    if len(motion) < SHORTEST:
        raise ValueError(f"a pair needs {SHORTEST} frames at 30 fps or more, got {len(motion)}")
    return replace(motion, rotations=motion.rotations.double(), root=motion.root.double())


def _some(names: Mapping[str, object]) -> str:
    first = sorted(names)[:3]
    return ", ".join(first) + (", ..." if len(names) > 3 else "")


def _row(motion: Motion, truth: Motion) -> list[float]:
    """All columns, and how many frames they are of."""
    pair = _Pair(motion, truth)
    return [*(float(column.of(pair).mean()) for column in _COLUMNS), len(pair.truth)]


def _errors(right: list[list[float]], wrong: list[list[float]], generator: Generator) -> list[Figure]:
    """Of the right truths, with the band of wrong ones; only the better side of it is apart."""
    table, chance = (torch.tensor(rows, dtype=torch.float64) for rows in (right, wrong))
    figures = []
    for place, column in enumerate(_COLUMNS):
        rows, other = ((part[:, place], part[:, -1]) for part in (table, chance))
        figure = mean_figure(
            column.title, column.unit, rows, other, generator=generator,
            digits=column.digits,
        )  # fmt: skip
        if figure.apart is not None:
            edge = figure.band.high if column.most_is_best else figure.band.low
            better = figure.value > edge if column.most_is_best else figure.value < edge
            figure = replace(figure, apart=better)
        figures.append(figure)
    return figures


def _coverage(generated: Mapping[str, Hypotheses], reference: Mapping[str, Motion]) -> Figure:
    """Share of the reference's frames for which there is an answer."""
    answered = []
    for name, truth in reference.items():
        seconds = generated[name][0].seconds if name in generated else 0.0
        answered.append(torch.arange(len(truth)) / truth.fps < seconds - 1e-6)
    everything = torch.cat(answered)
    return Figure("frames answered", "", person_frame_coverage(torch.ones_like(everything), everything))

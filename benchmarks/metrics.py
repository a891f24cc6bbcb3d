"""What the metrics say of motions that one knows: people, other people, statues, noise.

    python benchmarks/metrics.py --data ../shared/data/mocap --write

The reference is CMU's training clips of at least five seconds. Beside it are held-out CMU subjects, another
studio's actors (Bandai Namco, evaluation only), the reference's first poses held, and smooth noise in all
joints. Beat scores are taken against metronomes that nobody hears, and pairs are motions that have nothing
to do with each other: what these score is chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
import tyro
from accuracy_sets import FRAMES, PACKS, test_motions
from tables import Cell, Table, markdown, replace_section
from torch import Generator

from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.data.smooth_noise import smooth_noise
from vimo_pipeline.metrics import (
    LimitedData,
    PartnerScores,
    limited_data,
    partner_scores,
    physical_contact,
    static_pose,
    whole_clip_contact,
)
from vimo_pipeline.metrics.evaluation import Figure, Group, MotionSet, evaluate
from vimo_pipeline.metrics.evaluation.music import dancing
from vimo_pipeline.metrics.evaluation.paired import paired
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion

METRICS = Path(__file__).parents[1] / "docs" / "METRICS.md"
_TEMPOS = (80, 105, 130)  # beats a minute
_LENGTHS = (5, 10, 20)  # seconds
_NOISE = (0.5, 0.3)  # radians of every joint, metres of the root
_PERIODS = (15.0, 90.0)  # frames: half a second to three
_ONE = slice(300, 700)  # frames that a motion has that a model could be trained on alone

Sets = dict[str, list[Motion]]


@dataclass(frozen=True)
class Metrics:
    """What to measure on."""

    data: Path
    """Folder with motion packs."""
    write: bool = False
    """Put the tables into docs/METRICS.md."""


def main(options: Metrics) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    train = [clip.motion for clip in load_pack(options.data, "cmu", split="train")]
    reference = [motion for motion in train if len(motion) >= FRAMES]
    people = {name: test_motions(options.data, pack) for name, pack in PACKS.items()}
    nobody = {
        "statues": [static_pose(motion) for motion in reference],
        "noise": [noise(seed) for seed in range(100)],
    }
    found = {name: groups(motions, reference) for name, motions in (people | nobody).items()}
    tables = [
        distribution_table(found),
        physics_table(found),
        length_table(people),
        beat_table(people | {"noise": nobody["noise"]}),
        wrong_truth_table(people),
        partner_table(people),
        limited_data_table(reference),
    ]
    text = "\n".join(map(markdown, tables))
    print(text)
    if options.write:
        replace_section(METRICS, "metrics", text)


def groups(motions: list[Motion], reference: list[Motion]) -> dict[str, Group]:
    """Distribution and physics of a set."""
    found = evaluate(MotionSet.of(motions), MotionSet.of(reference))
    return {group.name: group for group in found.groups}


def distribution_table(found: dict[str, dict[str, Group]]) -> Table:
    """What few and many windows of the reference have against its others, then a row a set."""
    floors, rows = {}, {}
    for name, each in found.items():
        figures = each["distribution"].figures
        floors[figures[0].band.clips] = {figure.name: tuple(figure.band)[:3] for figure in figures}
        rows[name] = {figure.name: cell(figure) for figure in figures}
    digits = {figure.name: 2 if "Div" in figure.name else 1 for figure in figures}
    own = {f"{count} windows of the reference": floors[count] for count in sorted(floors)}
    return Table("Distribution", digits, own | rows)


def physics_table(found: dict[str, dict[str, Group]]) -> Table:
    """A row a set."""
    first = next(iter(found.values()))["physics"].figures
    rows = {"the reference": {titled(figure): tuple(figure.band)[:3] for figure in first}}
    for name, each in found.items():
        rows[name] = {titled(figure): cell(figure) for figure in each["physics"].figures}
    return Table("Physics", {titled(figure): figure.digits for figure in first}, rows)


def length_table(people: Sets) -> Table:
    """PFC of the same motions by the length of their pieces, and from 25 frames a second."""
    rows = {}
    for name, motions in people.items():
        long = [motion.joints() for motion in motions if motion.seconds >= _LENGTHS[-1]]
        if long:
            rows[f"{name}, {len(long)} motions of 20 s or more"] = {
                f"{seconds} s": alone(pieces_contact(long, 30 * seconds)) for seconds in _LENGTHS
            }
        lasting = [motion for motion in motions if motion.seconds >= 5.1]
        from_25 = [motion.resample(25.0) for motion in lasting]
        rows[f"{name}, all"] = {
            "5 s": alone(fmean(physical_contact(motion).score for motion in lasting)),
            "5 s, by way of 25 fps": alone(fmean(physical_contact(motion).score for motion in from_25)),
        }
    return Table("PFC and lengths", dict.fromkeys(("5 s", "10 s", "20 s", "5 s, by way of 25 fps"), 2), rows)


def pieces_contact(joints: Sequence[torch.Tensor], frames: int) -> float:
    """Mean PFC of all pieces of a length."""
    pieces = [each[: len(each) // frames * frames].unflatten(0, (-1, frames)) for each in joints]
    return float(torch.cat([whole_clip_contact(each) for each in pieces]).mean())


def beat_table(sets: Sets) -> Table:
    """Both beat scores and the alignment against metronomes that begin anywhere, or all on a beat."""
    rows, digits = {}, {}
    for name, motions in sets.items():
        for tempo in _TEMPOS:
            draw = np.random.default_rng(tempo)
            for start in ("anywhere", "on a beat"):
                named = {str(place): motion for place, motion in enumerate(motions)}
                beats = {
                    each: np.arange((start == "anywhere") * draw.uniform(0, 60 / tempo), 120, 60 / tempo)
                    for each in named
                }
                figures = dancing(named, beats).figures
                rows[f"{name}, {tempo} a minute, {start}"] = {each.name: cell(each) for each in figures}
                digits = {each.name: 2 for each in figures}
    return Table("Beats of metronomes nobody hears", digits, rows)


def wrong_truth_table(people: Sets) -> Table:
    """Errors of motions against the truth of others."""
    rows, digits = {}, {}
    for name, motions in people.items():
        named = {str(place): motion for place, motion in enumerate(motions)}
        figures = paired({each: (motion,) for each, motion in named.items()}, named).figures
        rows[name] = {titled(each): tuple(each.band)[:3] for each in figures if each.band}
        digits = {titled(each): each.digits for each in figures if each.band}
    return Table("Errors against the truth of another motion", digits, rows)


def partner_table(people: Sets) -> Table:
    """Strangers and statues for partners."""
    rows = {}
    for name, motions in people.items():
        clips = [motion.frames(0, FRAMES) for motion in motions if len(motion) >= FRAMES]
        half = len(clips) // 2
        strangers, humans = clips[:half], clips[half : 2 * half]
        for kind, partners in (("strangers", strangers), ("statues", [*map(static_pose, humans)])):
            scores = partner_scores(partners, humans)
            rows[f"{name}, {half} {kind}"] = {
                title: alone(value) for title, value in scores._asdict().items()
            }
    return Table("Partners", dict.fromkeys(PartnerScores._fields, 3), rows)


def limited_data_table(reference: list[Motion]) -> Table:
    """What a training motion's own likes have."""
    fitting = [motion for motion in reference if _ONE.start <= len(motion) <= _ONE.stop]
    training, another = fitting[:2]
    strange = [noise(seed) for seed in range(10)]
    sets = {
        "a copy": [training],
        "its mirror image": [training.mirror()],
        "its first half twice": [joined(training.frames(0, len(training) // 2))],
        "another motion": [another],
        "its first pose": [static_pose(training)],
        "noise": strange,
    }
    rows = {
        name: {title: alone(value) for title, value in limited_data(motions, training)._asdict().items()}
        for name, motions in sets.items()
    }
    title = f"Limited data: a training motion of {training.seconds:.0f} s"
    return Table(title, dict.fromkeys(LimitedData._fields, 2), rows)


def joined(motion: Motion) -> Motion:
    """A motion twice, one after the other."""
    parts = (motion.rotations, motion.root, motion.contacts)
    return Motion(*(torch.cat([part, part]) for part in parts), motion.fps)


def noise(seed: int) -> Motion:
    """Five seconds of smooth noise in all joints and the root."""
    curves = smooth_noise(75, FRAMES, Generator().manual_seed(seed), periods=_PERIODS)  # [75, T]
    path = curves.mT.unflatten(1, (25, 3))
    root = _NOISE[1] * path[:, 24] + torch.tensor([0.0, 1.0, 0.0])
    return Motion.from_rotations(axis_angle_to_quaternion(_NOISE[0] * path[:, :24]), root)


def cell(figure: Figure) -> Cell:
    """Value and interval."""
    return (figure.value, *(figure.interval or (figure.value, figure.value)))


def alone(value: float) -> Cell:
    """A value without an interval."""
    return (value, value, value)


def titled(figure: Figure) -> str:
    """Name and unit."""
    return f"{figure.name} {figure.unit}".rstrip()


if __name__ == "__main__":
    main(tyro.cli(Metrics))

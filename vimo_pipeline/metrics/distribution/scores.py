"""FID, KID and diversity of generated clips against a reference, each with what luck alone would give."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor

from ...motion import Motion
from .distances import diversity, frechet_distance, kernel_distance, z_scored
from .joints_at_60 import FPS, joints_at_60
from .kinetic import kinetic_features
from .manual import manual_features
from .small_samples import Distance, Floor, Interval, half_sample_interval, same_size_floor

Progress = Callable[[str, float], None]  # stage, share done in [0, 1]

FEATURES: dict[str, Callable[..., Tensor]] = {
    "kinetic": partial(kinetic_features, form="fixed"),
    "kinetic_legacy": partial(kinetic_features, form="legacy"),
    "manual": manual_features,
}
_RUN = 32  # clips that are measured together


@dataclass(frozen=True)
class Score:
    """A distance from the reference, and what it has to be compared with."""

    value: float
    interval: Interval
    """Where 95 of 100 sets of as many clips of the same generator would lie."""
    floor: Floor
    """What clips of the reference itself score. A value inside it cannot be told from perfect."""


@dataclass(frozen=True)
class DistributionScores:
    """How generated clips compare with a reference, in one kind of features."""

    fid: Score
    kid: Score
    diversity: float
    diversity_interval: Interval
    diversity_floor: Floor
    """What as many clips of the reference have."""
    reference_diversity: float
    """What all of it has: what a generator as varied would have."""
    clips: int
    reference_clips: int
    left_out: int
    """Features that the reference never varies, so that they have no unit."""
    singular: bool
    """One set has no more clips than features: its covariance lacks directions, and FID is mostly bias."""


def distribution_scores(
    generated: Sequence[Motion],
    reference: Sequence[Motion],
    *,
    features: Sequence[str] = tuple(FEATURES),
    repeats: int = 100,
    generator: Generator | None = None,
    progress: Progress | None = None,
) -> dict[str, DistributionScores]:
    """FID_k, Div_k (`kinetic`, and `kinetic_legacy` for old tables), FID_m, Div_m (`manual`), KID of each.

    Clips of any frame rate; compare clips of equal length. Draws repeat unless a generator is given. With 310
    windows of 5 s of CMU's training motions as reference, (FID_k, FID_m) is (13, 14) for 53 and (9, 10) for
    155 of themselves, (116, 30) for Bandai's motions, (171, 93) for statues and (36000, 7000) for smooth
    noise in all joints: docs/METRICS.md.
    """
    tell = progress or (lambda stage, share: None)
    rows = clip_features(generated, features=features, progress=partial(tell, "generated"))
    aim = clip_features(reference, features=features, progress=partial(tell, "reference"))
    scores = {}
    for done, name in enumerate(features):
        tell("comparing", done / len(features))
        scores[name] = compare_features(rows[name], aim[name], repeats=repeats, generator=generator)
    tell("comparing", 1.0)
    return scores


def clip_features(
    motions: Sequence[Motion],
    *,
    features: Sequence[str] = tuple(FEATURES),
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, Tensor]:
    """The named features of every clip, [N, 72] or [N, 32] each; root zeroed, 60 fps, y up."""
    if unknown := sorted(set(features) - set(FEATURES)):
        raise ValueError(f"unknown features {', '.join(unknown)}; choose from {', '.join(FEATURES)}")
    if not motions:
        raise ValueError("no clips to measure; give at least 4 motions")
    rows = [
        [FEATURES[name](joints, fps=FPS) for name in features]  # [b, 72] or [b, 32] each
        for joints in _runs(motions, progress)
    ]
    progress(1.0)
    return {name: torch.cat(parts) for name, parts in zip(features, zip(*rows, strict=True), strict=True)}


def _runs(motions: Sequence[Motion], progress: Callable[[float], None]) -> Iterator[Tensor]:
    """Joints of neighbours of one length together, [b, T, 24, 3]: features of many cost little more."""
    run: list[Tensor] = []
    for done, motion in enumerate(motions):
        if not isinstance(motion, Motion):
            raise ValueError(
                f"clips must be Motion, which knows its skeleton and fps, got {type(motion).__name__}"
            )
        progress(done / len(motions))
        joints = joints_at_60(motion)
        if run and (len(joints) != len(run[0]) or len(run) == _RUN):
            yield torch.stack(run)
            run = []
        run.append(joints)
    yield torch.stack(run)


def compare_features(
    generated: Tensor, reference: Tensor, *, repeats: int = 100, generator: Generator | None = None
) -> DistributionScores:
    """The scores of two sets of features, [N, D] and [M, D]."""
    generator = generator or Generator().manual_seed(0)
    scored, aim = z_scored(generated, reference)

    def score(distance: Distance) -> Score:
        interval = half_sample_interval(distance, scored, aim, repeats=repeats, generator=generator)
        floor = same_size_floor(distance, aim, len(scored), repeats=repeats, generator=generator)
        return Score(distance(scored, aim), interval, floor)

    fid, kid = score(frechet_distance), score(kernel_distance)
    varied = score(lambda rows, _: diversity(rows))
    return DistributionScores(
        fid=fid,
        kid=kid,
        diversity=varied.value,
        diversity_interval=varied.interval,
        diversity_floor=varied.floor,
        reference_diversity=diversity(aim),
        clips=len(scored),
        reference_clips=len(aim),
        left_out=generated.shape[1] - scored.shape[1],
        singular=min(len(scored), len(aim)) <= scored.shape[1],
    )

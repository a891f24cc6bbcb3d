"""The group of figures that say whether motions follow their music."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from statistics import NormalDist
from typing import get_args

import torch
from numpy import ndarray
from torch import Generator

from ...motion import Motion
from ..beat_score import BeatScore, beat_score
from ..beats import BeatForm
from ..distribution import Floor
from ..music_beats import music_beats
from .figures import Figure, Group, mean_interval, weighted_mean

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
_AIST_MUSIC = re.compile(r"_(m[A-Z]{2}\d)_")  # gBR_sBM_cAll_d04_mBR0_ch01 was danced to mBR0
_REACH = NormalDist().inv_cdf(0.975)  # deviations on both sides of 95 %


def music_files(names: Iterable[str], music: str | Path) -> dict[str, Path]:
    """The audio file of each motion that has one. music: one file for all, or a folder searched through.

    In a folder a motion's music has its name, or the name of the music in an AIST++ name.
    """
    music = Path(music)
    if music.is_file():
        return dict.fromkeys(names, music)
    if not music.is_dir():
        raise FileNotFoundError(f"there is no file or folder {music} with music")
    files = {path.stem: path for path in sorted(music.rglob("*")) if path.suffix.lower() in SUFFIXES}
    found = {}
    for name in names:
        danced_to = _AIST_MUSIC.search(name)
        file = files.get(Path(name).name) or files.get(danced_to[1] if danced_to else "")
        if file:
            found[name] = file
    return found


def heard_beats(
    files: Iterable[Path], *, progress: Callable[[float], None] = lambda share: None
) -> dict[Path, ndarray]:
    """Seconds of the beats of each file; a ValueError names one that has none."""
    order = sorted(set(files))
    heard = {}
    for done, file in enumerate(order):
        progress(done / len(order))
        heard[file] = music_beats(file)
        if not len(heard[file]):
            raise ValueError(f"{file} has no beats: it is silent or too short; leave it out of --music")
    progress(1.0)
    return heard


def dancing(
    motions: Mapping[str, Motion],
    beats: Mapping[str, ndarray],
    *,
    reference: Mapping[str, Motion] | None = None,
    reference_beats: Mapping[str, ndarray] | None = None,
    seed: int = 0,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Group:
    """Both published beat scores, the band that shifted music has, and the alignment.

    beats: seconds of music beats by name of a motion, whose first frame is the first moment of its music.
    Alignment is the mean z-score of motions; its band by chance is 0 ± 1.96 / √N. The reference stands beside
    where it has music of its own.
    """
    danced = {name: motion for name, motion in motions.items() if name in beats}
    if not danced:
        raise ValueError(f"none of {len(motions)} motions has music; in a folder walk.npz needs walk.wav")
    generator = Generator().manual_seed(seed)
    figures = []
    for form in get_args(BeatForm):
        tell = partial(progress, f"beats, {form}")
        scores = _scores(danced, beats, form, generator, tell)
        own = _scores(reference or {}, reference_beats or {}, form, generator, lambda share: None)
        figures += _figures(form, scores, own, generator)
    notes = [
        "only alignment says that motions follow their music: the scores are mostly chance",
        f"{len(danced)} of {len(motions)} motions have music",
    ]
    beside = "reference" if reference_beats else ""
    return Group("music", "shifted music", beside, tuple(figures), tuple(notes))


def _scores(
    motions: Mapping[str, Motion],
    beats: Mapping[str, ndarray],
    form: BeatForm,
    generator: Generator,
    progress: Callable[[float], None],
) -> list[BeatScore]:
    scores = []
    for done, (name, motion) in enumerate(motions.items()):
        progress(done / len(motions))
        if name not in beats:
            continue
        options = {"fps": motion.fps, "form": form, "generator": generator}
        try:
            scores.append(beat_score(motion.joints(), beats[name], **options))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    progress(1.0)
    return scores


def _figures(form: BeatForm, scores: list[BeatScore], own: list[BeatScore], draws: Generator) -> list[Figure]:
    shuffled = _column(scores, "shuffled_mean").mean()
    luck = _REACH * float(_column(scores, "shuffled_std").square().mean() / len(scores)) ** 0.5
    counted = int((~_column(scores, "alignment").isnan()).sum())
    figures = []
    for title, field, middle, reach, count in (
        (f"beat score, {form}", "score", float(shuffled), luck, len(scores)),
        (f"alignment z, {form}", "alignment", 0.0, _REACH / math.sqrt(max(counted, 1)), counted),
    ):
        rows = (_column(scores, field), torch.ones(len(scores)))
        value, band = weighted_mean(rows), Floor(middle, middle - reach, middle + reach, count)
        beside = float(_column(own, field).nanmean()) if own else None
        above = value > band.high if counted else None
        interval = mean_interval(rows, generator=draws)
        figures.append(Figure(title, "", value, interval, band, beside, above))
    return figures


def _column(scores: list[BeatScore], field: str) -> torch.Tensor:
    return torch.tensor([getattr(score, field) for score in scores], dtype=torch.float64)

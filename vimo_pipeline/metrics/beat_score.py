"""How near beats of a motion are to beats of its music, and how near they are to any music."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy import ndarray
from torch import Generator

from .beats import BeatForm, motion_beats
from .joints_of import Measured, joints_of, rate_of

SIGMA = 0.05  # seconds: three frames at 60 fps in both published forms
SHIFTS = 100


@dataclass(frozen=True)
class BeatScore:
    """A published score, the same with music that does not belong to the motion, and how far apart these."""

    score: float
    """In [0, 1]. Mostly chance: compare it with `shuffled_mean`, not with other papers."""
    shuffled_mean: float
    """The same score with the music shifted in a circle, mean over shifts."""
    shuffled_std: float
    """Its standard deviation over shifts."""
    alignment: float
    """(score - shuffled_mean) / shuffled_std: 0 is chance; nan where nothing varies."""
    motion_beats: int
    """How many beats the motion has."""
    music_beats: int
    """How many beats the music has while it lasts."""


def beat_score(
    measured: Measured,
    music_beats: ndarray,
    *,
    form: BeatForm,
    generator: Generator,
    fps: float | None = None,
    sigma: float = SIGMA,
) -> BeatScore:
    """Beats of a motion, or of joints [T, J, 3] and their fps, against music beats [M].

    music_beats: seconds from the first frame. "mint": mean over motion beats of exp(-d² / 2 sigma²), d to the
    nearest music beat. "bailando": mean over music beats, d to the nearest motion beat. Both with sigma =
    50 ms; at 30 fps the same three frames are 100 ms, and scores nearly double.
    Chance: mint's form gives sigma √(2π) BPM / 60, 0.0021 a beat a minute: 0.22 at 105 BPM, where AIST++'s
    own dances have 0.22 to 0.24. Bailando's gives 0.125 a motion beat a second, so it counts beats and jitter
    raises it. Only `alignment` says that a motion follows its music, and only over many clips: by chance it
    has mean 0 and deviation 1, while a body that meets a metronome exactly has but 2 to 3, since a shift by
    one beat changes nothing. Over N clips its mean has a deviation of 1 / √N by chance. It leans to -0.1 to
    -0.4 in clips of 5 s whose music always begins with a beat, as motions have none in their first moments.
    A motion without beats scores 0 with any music, and its alignment is nan.
    """
    if not 0 < sigma < float("inf"):
        raise ValueError(f"sigma must be a positive number of seconds, got {sigma}")
    joints, rate = joints_of(measured), rate_of(measured, fps=fps)
    dance, seconds = motion_beats(joints, fps=rate, form=form), len(joints) / rate
    music = _within(music_beats, seconds)
    shifts = seconds * torch.rand(SHIFTS, 1, generator=generator, dtype=torch.float64).numpy()
    shuffled = _score(dance, (music + shifts) % seconds, form, sigma)  # [100]
    score, mean, deviation = float(_score(dance, music, form, sigma)), float(shuffled.mean()), shuffled.std()
    alignment = float((score - mean) / deviation) if deviation > 1e-12 else float("nan")
    return BeatScore(score, mean, float(deviation), alignment, len(dance), len(music))


def _within(music_beats: ndarray, seconds: float) -> ndarray:
    """The beats that are heard during the motion, [M]."""
    music = np.asarray(music_beats, dtype=np.float64)
    if music.ndim != 1 or not np.isfinite(music).all():
        raise ValueError(f"music_beats must be a list of seconds, got an array {list(music.shape)}")
    music = music[(music >= 0) & (music < seconds)]
    if not len(music):
        raise ValueError(
            f"no music beat lies in the {seconds:.2f} seconds of the motion; are they in seconds?"
        )
    return music


def _score(dance: ndarray, music: ndarray, form: BeatForm, sigma: float) -> ndarray:
    """Dance beats [B] and music beats [..., M] -> [...]."""
    if not len(dance):
        return np.zeros(music.shape[:-1])
    distance = np.abs(dance[:, None] - music[..., None, :])  # [..., B, M]
    nearest = distance.min(-1 if form == "mint" else -2)
    return np.exp(-(nearest**2) / (2 * sigma**2)).mean(-1)

"""Beat scores against slow twins, and what they are by chance."""

import math

import numpy as np
import pytest
import torch

from vimo_pipeline.metrics import beat_score
from vimo_pipeline.metrics.beats import motion_beats

from .test_beats import resting, stepping


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def dancing(seed: int, *, seconds: float = 20.0, fps: float = 30.0) -> torch.Tensor:
    """Smooth random joints, below about 2 Hz, [T, 24, 3]."""
    noise = np.random.default_rng(seed).normal(size=(round(seconds * fps), 72))
    kept = np.exp(-((np.fft.rfftfreq(len(noise), 1 / fps) / 2) ** 2))
    return torch.from_numpy(
        np.fft.irfft(np.fft.rfft(noise, axis=0) * kept[:, None], n=len(noise), axis=0)
    ).view(-1, 24, 3)


def twin(beats: np.ndarray, others: np.ndarray) -> float:
    return sum(math.exp(-min((b - o) ** 2 for o in others) / (2 * 0.05**2)) for b in beats) / len(beats)


@pytest.mark.parametrize("form", ["mint", "bailando"])
def test_it_agrees_with_a_slow_twin(form):
    joints, music = dancing(3), np.arange(0.3, 20, 0.55)
    found = beat_score(joints, music, fps=30, form=form, generator=generator())
    dance = motion_beats(joints, fps=30, form=form)
    expected = twin(dance, music) if form == "mint" else twin(music, dance)
    assert found.score == pytest.approx(expected)
    assert (found.motion_beats, found.music_beats) == (len(dance), len(music))


@pytest.mark.parametrize("form", ["mint", "bailando"])
def test_a_body_on_the_beat_scores_near_one_and_off_the_beat_near_none(form):
    joints, music = stepping(0.6, seconds=12), resting(0.6, 12)
    on = beat_score(joints, music, fps=60, form=form, generator=generator())
    off = beat_score(joints, music - 0.3, fps=60, form=form, generator=generator())
    assert on.score > 0.9 and 2 < on.alignment < 3
    assert off.score < 0.05 and off.alignment < -0.5


def test_the_form_of_mint_asks_motion_beats_and_that_of_bailando_music_beats():
    joints = stepping(1.2, seconds=12)
    music = resting(0.6, 12) + 0.3  # every motion beat is met, every second music beat has none
    mint = beat_score(joints, music, fps=60, form="mint", generator=generator())
    bailando = beat_score(joints, music, fps=60, form="bailando", generator=generator())
    assert mint.score > 0.9
    assert bailando.score == pytest.approx(0.5, abs=0.06)


def test_by_chance_mint_is_the_tempo_and_bailando_the_number_of_beats():
    music = np.arange(0.2, 20, 60 / 120)
    for form in ("mint", "bailando"):
        found = [beat_score(dancing(k), music, fps=30, form=form, generator=generator(k)) for k in range(12)]
        rate = np.mean([one.motion_beats for one in found]) / 20
        chance = 0.00209 * 120 if form == "mint" else 0.125 * rate
        assert np.mean([one.shuffled_mean for one in found]) == pytest.approx(chance, rel=0.05)
        assert np.mean([one.score for one in found]) == pytest.approx(chance, rel=0.15)
        assert abs(np.mean([one.alignment for one in found])) < 3 / math.sqrt(12)


def test_sigma_is_in_seconds():
    joints, music = dancing(0), np.arange(0.2, 20, 0.5)
    scores = [
        beat_score(joints, music, fps=30, form="mint", generator=generator(), sigma=sigma).shuffled_mean
        for sigma in (0.05, 0.1)
    ]
    assert scores[1] == pytest.approx(2 * scores[0], rel=0.1)  # what three frames at 30 fps make of chance


def test_the_same_generator_draws_the_same_shifts():
    scores = [
        beat_score(dancing(0), np.arange(0, 20, 0.5), fps=30, form="mint", generator=generator(s))
        for s in (1, 1, 2)
    ]
    assert scores[0] == scores[1] and scores[0].shuffled_mean != scores[2].shuffled_mean


def test_a_body_without_beats_has_no_alignment():
    found = beat_score(torch.zeros(200, 24, 3), np.arange(5.0), fps=30, form="mint", generator=generator())
    assert found.score == 0 and found.motion_beats == 0 and math.isnan(found.alignment)


def test_wrong_music_is_named():
    def score(music, **more):
        return beat_score(dancing(0), music, fps=30, form="mint", generator=generator(), **more)

    with pytest.raises(ValueError, match=r"no music beat lies in the 20.00 seconds"):
        score(np.array([30.0, 40.0]))
    with pytest.raises(ValueError, match="list of seconds"):
        score(np.array([0.5, np.nan]))
    with pytest.raises(ValueError, match="sigma must be a positive number"):
        score(np.arange(5.0), sigma=0)

from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.video import find_cuts, read_frames
from vimo_pipeline.video.cuts import colour_histogram

CLIPS = Path(__file__).parents[2].parent / "shared" / "data" / "videos"


def shot(seed: int, frames: int = 20, speed: int = 3) -> list[np.ndarray]:
    """A textured wall that slides by, with a person-sized block that moves, [48, 64, 3] each."""
    generator = np.random.default_rng(seed)
    colour = generator.integers(40, 215, (1, 1, 3))
    texture = colour + 30 * np.sin(np.linspace(0, 9, 64))[None, :, None] + generator.normal(0, 5, (48, 64, 3))
    wall = texture.clip(0, 255).astype(np.uint8)
    pictures = []
    for index in range(frames):
        picture = np.roll(wall, index, axis=1)
        left = (5 + speed * index) % 48
        picture[10:40, left : left + 14] = 255 - colour
        pictures.append(picture)
    return pictures


def test_every_hard_cut_is_found():
    assert find_cuts(shot(0) + shot(1) + shot(2, 8) + shot(3)) == (20, 40, 48)


@pytest.mark.parametrize("speed", [0, 3, 11, 23])
def test_motion_is_no_cut(speed):
    assert find_cuts(shot(0, 40, speed)) == ()


@pytest.mark.parametrize("length", [1, 2])
def test_a_flash_is_no_cut(length):
    pictures = shot(0, 40)
    pictures[20 : 20 + length] = [np.full_like(pictures[0], 250)] * length
    assert find_cuts(pictures) == ()


def test_fades_are_no_cuts():
    a, b = shot(0, 40), shot(1, 40)
    mixed = [
        (one * (1 - part) + other * part).astype(np.uint8)
        for one, other, part in zip(a, b, np.linspace(0, 1, 40), strict=True)
    ]
    dark = [(one * part).astype(np.uint8) for one, part in zip(a, np.linspace(1, 0, 40), strict=True)]
    assert find_cuts(mixed) == find_cuts(dark) == ()


def test_frames_shown_twice_change_nothing():
    pictures = [picture for picture in shot(0) + shot(1) for _ in range(2)]
    assert find_cuts(pictures) == (40,)


def test_few_frames():
    assert find_cuts([]) == find_cuts(shot(0, 1)) == find_cuts(shot(0, 2)) == ()


def test_a_histogram_is_a_share_of_the_picture_and_changes_little_with_exposure():
    picture = shot(0, 1)[0]
    histogram = colour_histogram(picture)
    assert histogram.sum() == pytest.approx(1) and histogram.min() >= 0
    brighter = colour_histogram((picture + 4).clip(0, 255).astype(np.uint8))
    assert np.abs(histogram - brighter).sum() / 2 < 0.25


@pytest.mark.skipif(not CLIPS.is_dir(), reason=f"needs the clips in {CLIPS}")
def test_real_single_shots_have_no_cut_and_real_joins_have_one():
    juggling = list(read_frames(CLIPS / "football_juggle.mp4", max_side=96, stop=1))
    dancing = list(read_frames(CLIPS / "hiphop_2step.mp4", max_side=96, stop=1))
    assert find_cuts(juggling) == find_cuts(dancing) == ()
    assert find_cuts(juggling + dancing) == (len(juggling),)

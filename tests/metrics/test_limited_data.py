"""GANimator's figures: copies, strangers, and slow twins of the definitions."""

import math

import numpy as np
import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import (
    global_diversity,
    limited_data,
    local_diversity,
    rotation_features,
    training_coverage,
)
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion


def curves(seed: int, frames: int, width: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(frames, width)).cumsum(0) / 3


def moving(seed: int, frames: int, size: float = 0.3) -> Motion:
    angles = size * torch.from_numpy(curves(seed, frames, 72)).view(-1, 24, 3)
    return Motion(axis_angle_to_quaternion(angles), torch.zeros(frames, 3).double(), torch.zeros(frames, 4))


def window_cost(a: np.ndarray, i: int, b: np.ndarray, k: int, length: int) -> float:
    return sum(math.dist(a[i + f], b[k + f]) for f in range(length))


def windows_twin(a: np.ndarray, b: np.ndarray, length: int) -> list[float]:
    """For every window of a the nearest window of b, mean distance a frame."""
    places = range(len(b) - length + 1)
    return [min(window_cost(a, i, b, k, length) for k in places) / length for i in range(len(a) - length + 1)]


def patchwork_twin(a: np.ndarray, b: np.ndarray, shortest: int) -> float:
    """G(i) by its definition, over every cut and every place."""
    best = [0.0] + [math.inf] * len(a)
    for i in range(shortest, len(a) + 1):
        for cut in range(i - shortest + 1):
            length = i - cut
            for k in range(len(b) - length + 1):
                best[i] = min(best[i], best[cut] + window_cost(a, cut, b, k, length))
    return best[-1] / len(a)


def test_local_diversity_and_coverage_agree_with_a_slow_twin():
    generated, training = curves(0, 40), curves(1, 25)
    assert local_diversity(generated, training, window=6) == pytest.approx(
        np.mean(windows_twin(generated, training, 6))
    )
    nearest = windows_twin(training, generated, 6)
    threshold = float(np.median(nearest)) + 1e-9
    share = np.mean([cost < threshold for cost in nearest])
    assert 0.4 < share < 0.6
    assert training_coverage(generated, training, window=6, threshold=threshold) == pytest.approx(share)


@pytest.mark.parametrize("seed", range(3))
def test_global_diversity_agrees_with_a_slow_twin(seed):
    generated, training = curves(seed, 23), curves(seed + 10, 16)
    assert global_diversity(generated, training, shortest=4) == pytest.approx(
        patchwork_twin(generated, training, 4)
    )


def test_blocks_do_not_show(monkeypatch):
    generated, training = curves(0, 90), curves(1, 70)
    figures = [training_coverage, global_diversity, local_diversity]
    whole = [figure(generated, training) for figure in figures]
    monkeypatch.setitem(local_diversity.__globals__, "_BLOCK", 7)
    assert [figure(generated, training) for figure in figures] == pytest.approx(whole)


def test_a_copy_covers_everything_and_adds_nothing():
    training = moving(0, 80)
    copy = limited_data([training], training)
    assert copy.coverage == 1
    assert copy.global_diversity == pytest.approx(0, abs=1e-6)
    assert copy.local_diversity == pytest.approx(0, abs=1e-6)


def test_a_patchwork_is_free_if_its_pieces_are_long_enough():
    training = curves(0, 100)
    pieces = np.concatenate([training[60:95], training[5:45], training[30:60]])
    assert global_diversity(pieces, training) == pytest.approx(0, abs=1e-6)
    assert local_diversity(pieces, training) > 0.01  # windows across a cut are new
    assert global_diversity(pieces, training, shortest=36) > 0.01


def test_global_diversity_is_not_less_than_the_nearest_frames():
    generated, training = curves(0, 80), curves(1, 80)
    nearest = np.linalg.norm(generated[:, None] - training, axis=-1).min(1).mean()
    short, long = (global_diversity(generated, training, shortest=shortest) for shortest in (1, 30))
    assert short == pytest.approx(nearest)
    assert long > short


def test_strangers_cover_nothing_and_are_all_new():
    still = moving(0, 60, size=0)
    strange = limited_data([moving(1, 60, size=1.0)], still)
    assert strange.coverage == 0 and strange.local_diversity > 2


def test_twenty_degrees_everywhere_are_the_threshold():
    angle = torch.randn(24, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    angle = math.radians(20) * angle / angle.norm(dim=-1, keepdim=True)
    turned, rest = (
        Motion(axis_angle_to_quaternion(a.expand(60, 24, 3)), torch.zeros(60, 3), torch.zeros(60, 4))
        for a in (angle, 0 * angle)
    )
    assert limited_data([turned], rest).local_diversity == pytest.approx(2.0, abs=0.1)


def test_the_root_does_not_count():
    motion = moving(0, 60)
    away = Motion(motion.rotations, motion.root + 5, motion.contacts)
    np.testing.assert_array_equal(rotation_features(away), rotation_features(motion))
    assert rotation_features(motion).shape == (60, 144)


def test_several_samples_are_averaged():
    training, samples = moving(0, 60), [moving(1, 60), moving(2, 70)]
    alone = [limited_data([sample], training) for sample in samples]
    assert limited_data(samples, training) == pytest.approx(np.mean(alone, axis=0).tolist())


def test_wrong_input_is_named():
    training = moving(0, 60)
    with pytest.raises(ValueError, match="got none"):
        limited_data([], training)
    with pytest.raises(ValueError, match=r"one frame rate, got \[60.0\] and 30.0"):
        limited_data([training.resample(60.0)], training)
    with pytest.raises(ValueError, match=r"training must be \[T, D\] with 30 frames or more, got \[20, 5\]"):
        training_coverage(curves(0, 40), curves(1, 20))
    with pytest.raises(ValueError, match="59 frames or more"):
        global_diversity(curves(0, 80), curves(1, 50))
    with pytest.raises(ValueError, match="width: 5 generated, 6 training"):
        local_diversity(curves(0, 40), curves(1, 40, 6))

"""`MotionNormaliser`: a round trip, unit deviation, and a floor under small deviations."""

import torch

from vimo_pipeline.models import MotionNormaliser
from vimo_pipeline.motion.features import ROOT_LEVEL


def features() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return 3 + 2 * torch.randn(50, 40, 151, generator=generator)


def test_round_trip_and_unit_deviation():
    normaliser = MotionNormaliser.fit(features())
    normal = normaliser.normalise(features())
    torch.testing.assert_close(normaliser.denormalise(normal), features())
    moved = [feature for feature in range(151) if feature not in ROOT_LEVEL]
    torch.testing.assert_close(normal.flatten(0, 1).mean(0)[moved], torch.zeros(149), atol=1e-4, rtol=0)
    torch.testing.assert_close(normal.flatten(0, 1).std(0), torch.ones(151), atol=1e-4, rtol=0)


def test_the_path_keeps_its_origin():
    normaliser = MotionNormaliser.fit(features())
    origin = normaliser.normalise(torch.zeros(1, 151))
    assert (origin[:, list(ROOT_LEVEL)] == 0).all()


def test_numbers_that_hardly_move_are_not_blown_up():
    still = features()
    still[..., 0] = 7.0
    normaliser = MotionNormaliser.fit(still, smallest=0.05)
    assert normaliser.std[0] == torch.tensor(0.05)


def test_saving_keeps_every_digit(tmp_path):
    normaliser = MotionNormaliser.fit(features())
    normaliser.save_pretrained(tmp_path)
    loaded = MotionNormaliser.from_pretrained(tmp_path)
    assert torch.equal(loaded.mean, normaliser.mean) and torch.equal(loaded.std, normaliser.std)

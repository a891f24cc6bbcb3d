"""Few motions that stand for many."""

import pytest
import torch

from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.rotations import matrix_to_quaternion
from vimo_pipeline.pipelines.completing.clusters import LOUDNESS, cluster, draws_of, usual_draws
from vimo_pipeline.schedulers import PTSSScheduler

from .test_keeping import wandering

FRAMES = 40
MISSING = torch.arange(FRAMES) >= 10


def kinds(*sizes: int, apart: float = 1.0, trembling: float = 0.01) -> torch.Tensor:
    """Motions of as many kinds, each so often: their paths lie side by side. [M, T, 151]."""
    generator = torch.Generator().manual_seed(0)
    motion = unpack_features(wandering(1, frames=FRAMES).pack()[None])
    drawn = []
    for kind, size in enumerate(sizes):
        aside = torch.tensor([apart * kind, 0.0, 0.0]) * MISSING[:, None]
        for _ in range(size):
            root = motion.root + aside + trembling * torch.randn(FRAMES, 3, generator=generator)
            drawn.append(motion._replace(root=root).pack())
    return torch.cat(drawn)


def test_every_kind_is_found_once_the_largest_first():
    drawn = kinds(3, 7, 5)
    found = cluster(drawn, 3, MISSING, likeliest_first=False)
    wanted = torch.stack([drawn[3:10].mean(0), drawn[10:].mean(0), drawn[:3].mean(0)])
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=0)


def test_the_order_of_drawing_does_not_matter():
    drawn = kinds(3, 7, 5)
    mixed = drawn[torch.randperm(len(drawn), generator=torch.Generator().manual_seed(1))]
    torch.testing.assert_close(*(cluster(each, 3, MISSING, likeliest_first=False) for each in (drawn, mixed)))


def test_the_likeliest_stays_as_it_was_drawn():
    drawn = kinds(4, 6)
    found = cluster(drawn, 3, MISSING, likeliest_first=True)
    torch.testing.assert_close(found[0], drawn[0])
    assert len(found) == 3


def test_as_many_as_were_drawn_are_what_was_drawn():
    drawn = kinds(2, 2)
    assert cluster(drawn, 4, MISSING, likeliest_first=True) is drawn


@pytest.mark.parametrize("count", [1, 2, 5])
def test_motions_that_are_all_the_same_make_no_empty_cluster(count):
    drawn = kinds(6, trembling=0.0)
    found = cluster(drawn, count, MISSING, likeliest_first=False)
    torch.testing.assert_close(found, drawn[:count], atol=1e-5, rtol=0)


def test_known_frames_are_not_compared():
    drawn = kinds(4, 4)
    elsewhere = torch.where(torch.arange(8) % 2 == 0, 0.0, 50.0)
    odd = drawn.unflatten(0, (8,)).clone()
    motion = unpack_features(odd)
    odd = motion._replace(root=motion.root + elsewhere[:, None, None] * ~MISSING[:, None]).pack()
    found = unpack_features(cluster(odd, 2, MISSING, likeliest_first=False)).root[:, MISSING]
    plain = unpack_features(cluster(drawn, 2, MISSING, likeliest_first=False)).root[:, MISSING]
    torch.testing.assert_close(found, plain)


def test_means_are_rotations_between_those_of_their_members():
    drawn = torch.cat([wandering(1, frames=FRAMES).pack()[None], wandering(2, frames=FRAMES).pack()[None]])
    ends = matrix_to_quaternion(unpack_features(drawn).rotations)
    middle = unpack_features(cluster(drawn, 1, MISSING, likeliest_first=False)).rotations
    middle = matrix_to_quaternion(middle)[0]
    near = [(middle * end).sum(-1).abs() for end in ends]
    torch.testing.assert_close(*near, atol=1e-4, rtol=0)


def test_long_motions_are_drawn_once_a_hypothesis():
    assert usual_draws(20.0) > usual_draws(20.1) == 1


def test_generators_draw_for_the_hypotheses_they_were_given_for():
    first, second = torch.Generator(), torch.Generator()
    count, several = draws_of(2, 3, [first, second], likeliest_first=True)
    assert count == 4 and several == [first, second, second, second]
    assert draws_of(2, 3, first, likeliest_first=False) == (6, first)
    assert draws_of(1, 8, None, likeliest_first=True) == (1, None)


def test_louder_noise_makes_up_for_what_few_steps_take_off():
    """Of the standard normal, whose perfect denoiser is E[x0 | xt] = sqrt(alphas_cumprod) xt."""
    assert spread_after(5) == pytest.approx(2 / 3, abs=0.02), "a third is lost"
    assert spread_after(5) < spread_after(10) < spread_after(1000) == pytest.approx(1, abs=0.01)
    assert spread_after(5) * LOUDNESS == pytest.approx(1, abs=0.05)


def spread_after(steps: int) -> float:
    """The standard deviation that is left of 1."""
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(steps)
    deviation = torch.ones(1, 1, 1)
    for timestep in scheduler.timesteps:
        clean = scheduler.alphas_cumprod[timestep].sqrt() * deviation
        deviation = scheduler.step(clean, timestep, deviation).prev_sample
    return float(deviation)

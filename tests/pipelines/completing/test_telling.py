"""Known parts are told to the denoiser as clean frames or as truth of the others' noise."""

import pytest
import torch
from torch import Tensor

from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines.completing.keeping import Known
from vimo_pipeline.pipelines.completing.telling import Teller
from vimo_pipeline.pipelines.windows import WindowPlan
from vimo_pipeline.schedulers import PTSSScheduler

from .test_keeping import FRAMES, wandering

MASK = Mask.nothing(FRAMES).keep(frames="0:10").keep("left_arm", frames="30:40")
SHAPE = (2, 1, FRAMES, 151)


def noise(seed: int) -> Tensor:
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed))


def teller(mechanism: str = "vectorised", *, silent: bool = False, prior: Tensor | None = None) -> Teller:
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(5)
    fresh = torch.zeros(SHAPE)[:, 0] if silent else noise(3)[:, 0]
    known = Known.of(wandering(1), MASK)
    return Teller(known, WindowPlan((0,), FRAMES, FRAMES), scheduler, lambda: fresh, mechanism, prior)


def signal(one: Teller, timestep: int) -> Tensor:
    return one.scheduler.alphas_cumprod[timestep].sqrt()


def test_whole_frames_are_clean_and_parts_are_truth_at_the_level_of_the_others():
    one, latents, clean = teller(silent=True), noise(1), noise(2)
    told, times = one.tell(latents, clean, torch.tensor(599))
    torch.testing.assert_close(told[:, :, :10], clean[:, :, :10], rtol=0, atol=0)
    assert (times[:, :, :10] == -1).all()
    assert (times[:, :, 10:] == 599).all()
    arm = MASK.features()[35]
    torch.testing.assert_close(told[:, :, 35, arm], signal(one, 599) * clean[:, :, 35, arm])
    torch.testing.assert_close(told[:, :, 35, ~arm], latents[:, :, 35, ~arm], rtol=0, atol=0)


def test_replacement_has_no_clean_frames_but_truth_noised_as_the_others_are():
    one, latents, clean = teller("replacement"), noise(1), noise(2)
    told, times = one.tell(latents, clean, torch.tensor(599))
    assert (times == 599).all()
    level = signal(one, 599)
    expected = level * clean + (1 - level**2).sqrt() * one.noise()
    torch.testing.assert_close(told[:, :, :10], expected[:, :, :10])
    torch.testing.assert_close(told[:, :, 10:30], latents[:, :, 10:30], rtol=0, atol=0)


def test_without_a_prior_the_network_sees_what_was_told():
    latents = noise(1)
    assert teller().lean(latents, torch.full(SHAPE[:3], 599)) is latents


def test_noise_leans_on_the_prior_the_more_of_it_there_is_and_clean_frames_stay_clean():
    prior = noise(4)[:1]
    one = teller(prior=prior)
    times = torch.full(SHAPE[:3], 599).index_fill(2, torch.arange(10), -1)
    leaning = one.lean(noise(1), times) - noise(1)
    torch.testing.assert_close(leaning[:, :, :10], torch.zeros_like(leaning[:, :, :10]))
    expected = ((1 - signal(one, 599)) * prior).expand(SHAPE)
    torch.testing.assert_close(leaning[:, :, 10:], expected[:, :, 10:], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("timestep", [999, 599, 199])
def test_a_jump_back_up_ends_at_the_level_it_came_from(timestep):
    one, clean = teller(silent=True), noise(2)
    below = int(one.scheduler.previous_timestep(torch.tensor(timestep)))
    lower = clean if below < 0 else signal(one, below) * clean
    torch.testing.assert_close(
        one.step_back(lower, torch.tensor(timestep)), signal(one, timestep) * clean, atol=1e-6, rtol=1e-4
    )


def test_a_jump_back_up_keeps_the_variance_of_noise():
    jumped = teller().step_back(noise(1), torch.tensor(599))
    assert float(jumped.var()) == pytest.approx(1, abs=0.05)

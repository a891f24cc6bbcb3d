"""One timestep per frame: what moves, what waits, and what agrees with stock DDIM and DDPM."""

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler
from torch.testing import assert_close

from vimo_pipeline.schedulers import PTSSScheduler

SCHEDULES = ("linear", "squaredcos_cap_v2")
PREDICTIONS = ("sample", "epsilon", "v_prediction")
B, T, D = 3, 5, 4


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise_like_motion(seed: int = 0) -> torch.Tensor:
    return torch.randn(B, T, D, generator=seeded(seed))


def per_frame_times(seed: int = 0) -> torch.Tensor:
    return torch.randint(0, 1000, (B, T), generator=seeded(seed))


def folded(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.flatten(0, 1)


# --- adding noise


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_noise_per_frame_is_stock_noise_with_frames_folded_into_the_batch(schedule):
    clean, noise, times = noise_like_motion(1), noise_like_motion(2), per_frame_times()
    stock = DDIMScheduler(beta_schedule=schedule)
    expected = stock.add_noise(folded(clean), folded(noise), times.flatten()).view_as(clean)
    assert_close(PTSSScheduler(beta_schedule=schedule).add_noise(clean, noise, times), expected)


def test_one_timestep_per_sample_is_stock_noise():
    clean, noise, times = noise_like_motion(1), noise_like_motion(2), torch.tensor([3, 500, 999])
    expected = DDIMScheduler().add_noise(clean, noise, times)
    assert torch.equal(PTSSScheduler().add_noise(clean, noise, times), expected)
    shared = times[:, None].expand(B, T)
    assert torch.equal(PTSSScheduler().add_noise(clean, noise, shared), expected)


def test_velocity_per_frame_is_stock_velocity_folded():
    clean, noise, times = noise_like_motion(1), noise_like_motion(2), per_frame_times()
    expected = DDIMScheduler().get_velocity(folded(clean), folded(noise), times.flatten()).view_as(clean)
    assert_close(PTSSScheduler().get_velocity(clean, noise, times), expected)


def test_clean_frames_take_no_noise():
    clean, noise, times = noise_like_motion(1), noise_like_motion(2), per_frame_times()
    times[:, ::2] = -1
    noisy = PTSSScheduler().add_noise(clean, noise, times)
    assert torch.equal(noisy[:, ::2], clean[:, ::2])
    assert not torch.isclose(noisy[:, 1::2], clean[:, 1::2]).any()


def test_zero_noise_limit():
    clean = noise_like_motion()
    scheduler = PTSSScheduler()
    assert_close(
        scheduler.add_noise(clean, torch.zeros_like(clean), torch.tensor(0)), clean, atol=1e-3, rtol=1e-4
    )
    last = scheduler.add_noise(clean, torch.zeros_like(clean), torch.tensor(999))
    assert last.abs().max() < 0.02  # alpha_bar_T = 4e-5: almost nothing of the signal is left


def test_noise_around_a_prior_is_noise_of_the_difference_to_it():
    """x_t - prior = sqrt(a) (x_0 - prior) + sqrt(1 - a) noise, and clean frames are clean."""
    scheduler, generator = PTSSScheduler(), torch.Generator().manual_seed(0)
    clean, prior, noise = torch.randn(3, 2, 6, 5, generator=generator)
    times = torch.randint(-1, 1000, (2, 6), generator=generator)
    shown = scheduler.add_noise(clean, noise, times) + scheduler.lean(prior, times)
    torch.testing.assert_close(shown, prior + scheduler.add_noise(clean - prior, noise, times))
    assert scheduler.lean(prior, torch.tensor(-1)).abs().max() == 0


@pytest.mark.parametrize("shape", [(T,), (B, D), (B, T + 1), (B, T, D)])
def test_timesteps_of_a_wrong_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"\[B\] or \[B, T\]"):
        PTSSScheduler().add_noise(
            noise_like_motion(), noise_like_motion(), torch.zeros(shape, dtype=torch.long)
        )


@pytest.mark.parametrize("times", [torch.tensor(1000), torch.tensor(0.5)])
def test_timesteps_outside_the_chain_are_refused(times):
    with pytest.raises(ValueError, match="integers from -1"):
        PTSSScheduler().add_noise(noise_like_motion(), noise_like_motion(), times)


# --- one step


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
def test_equal_timesteps_step_as_stock_ddim(schedule, prediction, eta):
    config = {
        "beta_schedule": schedule,
        "prediction_type": prediction,
        "clip_sample": False,
        "timestep_spacing": "trailing",
    }
    ours, stock = PTSSScheduler(**config), DDIMScheduler(**config)
    ours.set_timesteps(10)
    stock.set_timesteps(10)
    sample, output = noise_like_motion(1), noise_like_motion(2)
    for t in stock.timesteps:
        expected = stock.step(output, t, sample, eta=eta, generator=seeded())
        for times in (t, int(t), t.expand(B), t.expand(B, T)):
            actual = ours.step(output, times, sample, eta=eta, generator=seeded())
            assert_close(actual.prev_sample, expected.prev_sample, atol=1e-6, rtol=1e-6)
            assert_close(actual.pred_original_sample, expected.pred_original_sample, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("steps", [10, 30, 1000])
def test_eta_one_is_ddpm_for_any_number_of_steps(schedule, steps):
    stock = DDPMScheduler(
        beta_schedule=schedule, prediction_type="sample", clip_sample=False, timestep_spacing="trailing"
    )
    ours = PTSSScheduler(beta_schedule=schedule)
    stock.set_timesteps(steps)
    ours.set_timesteps(steps)
    sample, output = noise_like_motion(1), noise_like_motion(2)
    for t in stock.timesteps[:: max(1, steps // 20)]:
        expected = stock.step(output, int(t), sample, generator=seeded()).prev_sample
        actual = ours.step(output, t, sample, eta=1.0, generator=seeded()).prev_sample
        # 1 - alpha_bar - sigma^2 loses digits in float32 where alpha_bar is tiny (stock DDIM has the same).
        assert_close(actual, expected, atol=3e-4, rtol=0)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_a_step_per_frame_is_each_frame_stepped_alone(eta):
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(10)
    sample, output, fresh = noise_like_motion(1), noise_like_motion(2), noise_like_motion(3)
    times = scheduler.timesteps[torch.randint(10, (B, T), generator=seeded())]
    moved = scheduler.step(output, times, sample, eta=eta, variance_noise=fresh).prev_sample
    for b in range(B):
        for t in range(T):
            one = (slice(b, b + 1), slice(t, t + 1))
            alone = scheduler.step(
                output[one], int(times[b, t]), sample[one], eta=eta, variance_noise=fresh[one]
            )
            assert torch.equal(moved[one], alone.prev_sample)


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_clean_frames_stay_bit_for_bit_and_pass_no_nan_back(prediction, eta):
    scheduler = PTSSScheduler(prediction_type=prediction)
    scheduler.set_timesteps(10)
    sample, output = noise_like_motion(1), noise_like_motion(2).requires_grad_()
    times = torch.tensor([-1, 799, -1, 99, -1]).expand(B, T)
    result = scheduler.step(output, times, sample, eta=eta, generator=seeded())
    assert torch.equal(result.prev_sample[:, ::2], sample[:, ::2])
    assert torch.equal(result.pred_original_sample[:, ::2], sample[:, ::2])
    assert not torch.isclose(result.prev_sample[:, 1::2], sample[:, 1::2]).any()
    result.prev_sample.sum().backward()
    assert torch.isfinite(output.grad).all()
    assert (output.grad[:, ::2] == 0).all()


def test_a_frame_whose_previous_timestep_is_its_own_waits():
    scheduler = PTSSScheduler()
    sample, output = noise_like_motion(1), noise_like_motion(2)
    now = torch.tensor([999, 999, 600, 300, -1]).expand(B, T)
    then = torch.tensor([999, 999, 400, 100, -1]).expand(B, T)
    moved = scheduler.step(
        output, now, sample, eta=1.0, generator=seeded(), previous_timestep=then
    ).prev_sample
    assert torch.equal(moved[:, [0, 1, 4]], sample[:, [0, 1, 4]])
    assert not torch.isclose(moved[:, 2:4], sample[:, 2:4]).any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_dtype_of_the_sample_is_kept(dtype):
    scheduler = PTSSScheduler()
    sample, output = noise_like_motion(1).to(dtype), noise_like_motion(2).to(dtype)
    times = per_frame_times()
    noisy = scheduler.add_noise(sample, output, times)
    moved = scheduler.step(output, times, sample, eta=1.0, generator=seeded())
    assert {noisy.dtype, moved.prev_sample.dtype, moved.pred_original_sample.dtype} == {dtype}
    exact = scheduler.add_noise(sample.double(), output.double(), times)
    assert_close(noisy.double(), exact, atol=2e-2, rtol=1e-2)


# --- whole chains


@pytest.mark.parametrize("steps", [1, 7, 10, 30, 61, 1000])
@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_a_perfect_predictor_returns_the_clean_motion_exactly(steps, eta):
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(steps)
    clean, sample, generator = noise_like_motion(1), noise_like_motion(2), seeded()
    for t in scheduler.timesteps:
        sample = scheduler.step(clean, t, sample, eta=eta, generator=generator).prev_sample
    assert torch.equal(sample, clean)


def test_stock_ddim_ends_above_clean_when_the_steps_do_not_divide_the_chain():
    stock = DDIMScheduler(prediction_type="sample", clip_sample=False, timestep_spacing="trailing")
    stock.set_timesteps(7)
    clean, sample = noise_like_motion(1), noise_like_motion(2)
    for t in stock.timesteps:
        sample = stock.step(clean, t, sample).prev_sample
    assert (sample - clean).abs().max() > 0.001


def test_frames_started_one_after_the_other_all_arrive():
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(8)
    chain = torch.cat([scheduler.timesteps, torch.tensor([-1])])
    clean, sample = noise_like_motion(1), noise_like_motion(2)
    wait = torch.arange(T)  # frame k begins k steps later
    for i in range(8 + T - 1):
        now, then = chain[(i - wait).clamp(0, 8)], chain[(i + 1 - wait).clamp(0, 8)]
        sample = scheduler.step(
            clean, now.expand(B, T), sample, previous_timestep=then.expand(B, T)
        ).prev_sample
    assert torch.equal(sample, clean)


@pytest.mark.parametrize("steps", [1, 3, 10, 61, 103, 466, 1000])
def test_timesteps_start_at_pure_noise_and_never_fall_below_zero(steps):
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(steps)
    assert len(scheduler.timesteps) == steps
    assert scheduler.timesteps[0] == 999
    assert scheduler.timesteps[-1] >= 0
    assert (scheduler.timesteps.diff() < 0).all()


def test_previous_timestep_walks_down_the_chain_and_ends_clean():
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(4)
    assert scheduler.timesteps.tolist() == [999, 749, 499, 249]
    times = torch.tensor([[999, 749, 499], [249, -1, 700]])
    assert scheduler.previous_timestep(times).tolist() == [[749, 499, 249], [-1, -1, 499]]
    assert scheduler.previous_timestep(999) == 749


def test_no_steps_at_all_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        PTSSScheduler().set_timesteps(0)


# --- drawing timesteps for training


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 1.0])
def test_the_coin_is_thrown_for_every_clip(p):
    times = PTSSScheduler().sample_timesteps(4000, 8, p=p, generator=seeded())
    varying = (times != times[:, :1]).any(1).double().mean().item()
    assert times.shape == (4000, 8)
    assert times.dtype == torch.long
    assert abs(varying - p) <= 4 * (p * (1 - p) / 4000) ** 0.5


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_timesteps_are_uniform_over_the_whole_chain(p):
    times = PTSSScheduler().sample_timesteps(20000, 2, p=p, generator=seeded())[:, 1]
    counts = torch.histc(times.float(), bins=10, min=0, max=1000)
    assert ((counts - 2000).abs() < 5 * 2000**0.5).all()
    assert times.min() == 0
    assert times.max() == 999


def test_frames_with_their_own_timesteps_are_independent():
    times = PTSSScheduler().sample_timesteps(4000, 2, p=1.0, generator=seeded()).double()
    assert torch.corrcoef(times.T)[0, 1].abs() < 4 / 4000**0.5


def test_the_same_seed_draws_the_same_timesteps():
    first, second = (PTSSScheduler().sample_timesteps(4, 6, p=0.5, generator=seeded(3)) for _ in range(2))
    assert torch.equal(first, second)


@pytest.mark.parametrize("p", [-0.1, 1.5])
def test_a_probability_outside_zero_and_one_is_refused(p):
    with pytest.raises(ValueError, match="probability"):
        PTSSScheduler().sample_timesteps(2, 3, p=p)


# --- where the ViMo-Flow thesis prints something else


@pytest.mark.parametrize(
    ("schedule", "right", "printed"), [("linear", 0.994, 0.279), ("squaredcos_cap_v2", 0.995, 0.70)]
)
def test_the_posterior_scales_the_sample_by_alpha_not_alpha_bar(schedule, right, printed):
    """Algorithm 2 of the thesis has sqrt(alpha_bar_t) where sqrt(alpha_t) belongs (Ho et al. 2020, eq. 7)."""
    scheduler = PTSSScheduler(beta_schedule=schedule)
    zero, one = torch.zeros(1, 1, 1), torch.ones(1, 1, 1)
    t = 500
    coefficient = scheduler.step(zero, t, one, eta=1.0, variance_noise=zero).prev_sample.item()
    alpha_bar, alpha_bar_then = scheduler.alphas_cumprod[t].item(), scheduler.alphas_cumprod[t - 1].item()
    thesis = alpha_bar**0.5 * (1 - alpha_bar_then) / (1 - alpha_bar)
    assert coefficient == pytest.approx(right, abs=1e-3)
    assert thesis == pytest.approx(printed, abs=5e-3)

    # Only the right one keeps the noise at its level: c^2 (1 - alpha_bar_t) + sigma^2 = 1 - alpha_bar_(t-1).
    sigma = scheduler.step(zero, t, zero, eta=1.0, variance_noise=one).prev_sample.item()
    assert coefficient**2 * (1 - alpha_bar) + sigma**2 == pytest.approx(1 - alpha_bar_then, rel=1e-4)
    assert thesis**2 * (1 - alpha_bar) + sigma**2 < 0.7 * (1 - alpha_bar_then)


def test_known_frames_are_noised_to_the_level_the_others_have_reached():
    """In-painting needs q(known, t-1); the thesis prints t = 1, which leaves known frames nearly clean."""
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(10)
    t = scheduler.timesteps[4]
    zero = torch.zeros(1, 4000, 1)
    noise, other = (torch.randn(zero.shape, generator=seeded(seed)) for seed in (0, 1))
    free = scheduler.step(zero, t, scheduler.add_noise(zero, noise, t)).prev_sample
    known = scheduler.add_noise(zero, other, scheduler.previous_timestep(t))
    printed = scheduler.add_noise(zero, other, torch.tensor(1))
    assert known.std().item() == pytest.approx(free.std().item(), rel=0.05)
    assert printed.std() < 0.05 * free.std()

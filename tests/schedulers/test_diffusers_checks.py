"""The checks diffusers runs on its own schedulers (SchedulerCommonTest, DDIMSchedulerTest), for [B, T]."""

import json

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler, DiffusionPipeline
from diffusers.schedulers.scheduling_ddim import DDIMSchedulerOutput
from torch.testing import assert_close

from vimo_pipeline.schedulers import PTSSScheduler

B, T, D = 4, 6, 3
CONFIGS = (
    {},
    *({"num_train_timesteps": n} for n in (100, 500)),
    *({"beta_start": a, "beta_end": b} for a, b in ((0.001, 0.02), (0.01, 0.2))),
    *({"beta_schedule": name} for name in ("linear", "scaled_linear", "squaredcos_cap_v2")),
    *({"prediction_type": name} for name in ("sample", "epsilon", "v_prediction")),
    *({"timestep_spacing": name} for name in ("leading", "trailing", "linspace")),
    {"clip_sample": True},
    {"clip_sample": True, "clip_sample_range": 2.0},
    {"thresholding": True, "sample_max_value": 2.0},
    {"rescale_betas_zero_snr": True},
    {"set_alpha_to_one": False},
    {"steps_offset": 1, "timestep_spacing": "leading"},
    {"snr_weighting": "min_snr", "snr_gamma": 1.0, "snr_normalize": True},
)


def sample_and_output() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    sample, output = torch.rand(2, B, T, D, generator=generator)
    return sample, output


def public(config: dict) -> dict:
    return {name: value for name, value in config.items() if not name.startswith("_")}


def scheduler_of(config: dict, *, steps: int = 10) -> PTSSScheduler:
    scheduler = PTSSScheduler(**config)
    scheduler.set_timesteps(steps)
    return scheduler


def mixed_times(scheduler: PTSSScheduler) -> torch.Tensor:
    picks = torch.randint(len(scheduler.timesteps), (B, T), generator=torch.Generator().manual_seed(1))
    return scheduler.timesteps[picks]


def denoise(scheduler: PTSSScheduler, *, eta: float = 0.0) -> torch.Tensor:
    """A loop with a made-up network whose output depends on sample and timestep."""
    sample, generator = sample_and_output()[0], torch.Generator().manual_seed(2)
    for t in scheduler.timesteps:
        times = t.expand(B, T)
        output = sample * (times / (times + 1))[..., None]
        sample = scheduler.step(output, times, sample, eta=eta, generator=generator).prev_sample
    return sample


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_saved_and_loaded_steps_the_same(config, tmp_path):
    scheduler = scheduler_of(config)
    scheduler.save_pretrained(tmp_path)
    loaded = PTSSScheduler.from_pretrained(tmp_path)
    loaded.set_timesteps(10)
    sample, output = sample_and_output()
    times = mixed_times(scheduler)
    expected = scheduler.step(output, times, sample).prev_sample
    assert torch.equal(loaded.step(output, times, sample).prev_sample, expected)
    assert public(loaded.config) == public(scheduler.config)
    assert torch.equal(loaded.loss_weights(times), scheduler.loss_weights(times))


def test_save_config_writes_plain_json(tmp_path):
    PTSSScheduler().save_config(tmp_path)
    config = json.loads((tmp_path / "scheduler_config.json").read_text())
    assert config["_class_name"] == "PTSSScheduler"
    assert config["prediction_type"] == "sample"
    assert config["timestep_spacing"] == "trailing"


def test_stock_configs_are_understood():
    for stock in (DDIMScheduler(beta_end=0.01), DDPMScheduler(beta_end=0.01)):
        assert_close(PTSSScheduler.from_config(stock.config).alphas_cumprod, stock.alphas_cumprod)
    assert DDIMScheduler.from_config(PTSSScheduler(beta_end=0.01).config).config.beta_end == 0.01
    assert DDIMScheduler in PTSSScheduler().compatibles


class OnlyAScheduler(DiffusionPipeline):
    def __init__(self, scheduler: PTSSScheduler):
        super().__init__()
        self.register_modules(scheduler=scheduler)


def test_a_saved_pipeline_loads_its_scheduler(tmp_path):
    """It would not if SchedulerMixin were missing from the namespace of ptss.py (diffusers 0.42)."""
    OnlyAScheduler(PTSSScheduler(snr_weighting="min_snr")).save_pretrained(tmp_path)
    index = json.loads((tmp_path / "model_index.json").read_text())
    assert index["scheduler"] == [
        "vimo_pipeline.schedulers.ptss",
        "PTSSScheduler",
    ]  # a file format: do not move
    loaded = OnlyAScheduler.from_pretrained(tmp_path).scheduler
    assert isinstance(loaded, PTSSScheduler)
    assert loaded.config.snr_weighting == "min_snr"


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_step_keeps_the_shape(config):
    scheduler = scheduler_of(config)
    sample, output = sample_and_output()
    for times in (scheduler.timesteps[2], scheduler.timesteps[2].expand(B), mixed_times(scheduler)):
        result = scheduler.step(output, times, sample)
        assert isinstance(result, DDIMSchedulerOutput)
        assert result.prev_sample.shape == result.pred_original_sample.shape == sample.shape


def test_tuple_and_dataclass_outputs_are_equal():
    scheduler = scheduler_of({})
    sample, output = sample_and_output()
    times = mixed_times(scheduler)
    result = scheduler.step(output, times, sample)
    moved, clean = scheduler.step(output, times, sample, return_dict=False)
    assert torch.equal(moved, result.prev_sample)
    assert torch.equal(clean, result.pred_original_sample)


@pytest.mark.parametrize("config", CONFIGS, ids=str)
@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_full_loop_stays_finite(config, eta):
    assert torch.isfinite(denoise(scheduler_of(config), eta=eta)).all()


@pytest.mark.parametrize("config", [c for c in CONFIGS if c.get("timestep_spacing") != "linspace"], ids=str)
def test_full_loop_is_the_stock_loop(config):
    """Ten steps divide every chain here but linspace's, which stock DDIM leaves by subtracting T // steps."""
    ours = scheduler_of(config)
    stock = DDIMScheduler(**{k: v for k, v in public(ours.config).items() if not k.startswith("snr_")})
    stock.set_timesteps(10)
    sample = sample_and_output()[0]
    for t in stock.timesteps:
        sample = stock.step(sample * (t / (t + 1)), t, sample).prev_sample
    assert_close(denoise(ours), sample, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
@pytest.mark.parametrize("offset", [0, 1])
def test_timesteps_are_those_of_stock(spacing, offset):
    ours = scheduler_of({"timestep_spacing": spacing, "steps_offset": offset})
    stock = DDIMScheduler(timestep_spacing=spacing, steps_offset=offset)
    stock.set_timesteps(10)
    assert torch.equal(ours.timesteps, stock.timesteps)


@pytest.mark.parametrize("steps", [1, 10, 50, 500])
def test_any_number_of_inference_steps(steps):
    assert torch.isfinite(denoise(scheduler_of({}, steps=steps))).all()


def test_more_steps_than_the_chain_has_are_refused():
    with pytest.raises(ValueError, match="cannot be larger"):
        PTSSScheduler().set_timesteps(1001)


def test_trained_betas_are_used():
    betas = [0.1, 0.2, 0.3]
    scheduler = PTSSScheduler(num_train_timesteps=3, trained_betas=betas)
    assert_close(scheduler.betas, torch.tensor(betas))


def test_unknown_schedule_is_refused():
    with pytest.raises(NotImplementedError, match="zigzag"):
        PTSSScheduler(beta_schedule="zigzag")


def test_unknown_prediction_type_is_refused():
    sample, output = sample_and_output()
    with pytest.raises(ValueError, match="must be sample, epsilon or v_prediction"):
        scheduler_of({"prediction_type": "guess"}).step(output, 999, sample)


def test_variance_of_ddim():
    """Reference values of diffusers' DDIMSchedulerTest.test_variance."""
    scheduler = PTSSScheduler()
    for t, then, expected in ((0, 0, 0.0), (420, 400, 0.14771), (980, 960, 0.32460), (999, 998, 0.02)):
        assert scheduler._get_variance(t, then).item() == pytest.approx(expected, abs=1e-5)


def test_noise_of_the_whole_batch_is_stock_noise():
    clean, noise = sample_and_output()
    times = torch.tensor([0, 10, 500, 999])
    assert_close(
        PTSSScheduler().add_noise(clean, noise, times), DDIMScheduler().add_noise(clean, noise, times)
    )


def test_one_generator_per_sample():
    scheduler = scheduler_of({})
    sample, output = sample_and_output()
    seeds = [torch.Generator().manual_seed(seed) for seed in range(B)]
    together = scheduler.step(output, 499, sample, eta=1.0, generator=seeds).prev_sample
    for b in range(B):
        alone = scheduler.step(
            output[b : b + 1], 499, sample[b : b + 1], eta=1.0, generator=torch.Generator().manual_seed(b)
        )
        assert torch.equal(together[b : b + 1], alone.prev_sample)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_everything_follows_the_device_of_the_sample():
    scheduler = PTSSScheduler()
    scheduler.set_timesteps(10, device="cuda")
    sample, output = (tensor.cuda() for tensor in sample_and_output())
    times = scheduler.sample_timesteps(B, T, p=0.5, device="cuda")
    assert scheduler.add_noise(sample, output, times).is_cuda
    assert scheduler.loss_weights(times).is_cuda
    assert scheduler.step(output, times, sample, eta=1.0).prev_sample.is_cuda

"""`ViMoTransformer`: shapes, padding, per-frame timesteps, presets and saving."""

import pytest
import torch

from vimo_pipeline.models import ViMoTransformer
from vimo_pipeline.models.transformer import PATH_RATE, PRESETS, sum_steps
from vimo_pipeline.motion.features import ROOT_LEVEL, turn_features
from vimo_pipeline.motion.rotations import turn_about_y

TINY = {"hidden_size": 32, "num_heads": 2, "num_layers": 2, "num_encoder_layers": 1, "max_frames": 24}


@pytest.fixture(scope="module")
def model() -> ViMoTransformer:
    torch.manual_seed(0)
    return ViMoTransformer(**TINY).eval()


def inputs(batch: int = 2, frames: int = 12):
    generator = torch.Generator().manual_seed(1)
    sample = torch.randn(batch, frames, 151, generator=generator)
    keypoints = torch.randn(batch, frames, 17, 3, generator=generator)
    return sample, torch.tensor([5, 900])[:batch], keypoints


@torch.no_grad()
def test_one_timestep_for_all_frames_is_the_same_as_repeating_it(model):
    sample, timestep, keypoints = inputs()
    once = model(sample, timestep, keypoints=keypoints).sample
    repeated = model(sample, timestep[:, None].expand(-1, 12), keypoints=keypoints).sample
    torch.testing.assert_close(once, repeated)


@torch.no_grad()
def test_the_timestep_of_a_frame_matters(model):
    sample, timestep, keypoints = inputs()
    times = timestep[:, None].repeat(1, 12)
    times[:, 6:] = 0
    changed = model(sample, times, keypoints=keypoints).sample
    assert not torch.allclose(changed, model(sample, timestep, keypoints=keypoints).sample, atol=1e-4)


@torch.no_grad()
def test_padding_changes_nothing(model):
    sample, timestep, keypoints = inputs()
    alone = model(sample[:, :7], timestep, keypoints=keypoints[:, :7]).sample
    mask = torch.arange(12).expand(2, -1) < 7
    padded = model(sample, timestep, keypoints=keypoints, mask=mask).sample[:, :7]
    torch.testing.assert_close(alone, padded, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_encoding_beforehand_is_the_same(model):
    sample, timestep, keypoints = inputs()
    ready = model(sample, timestep, condition=model.encode(keypoints)).sample
    torch.testing.assert_close(ready, model(sample, timestep, keypoints=keypoints).sample)


@torch.no_grad()
def test_a_forgotten_clip_does_not_depend_on_its_keypoints(model):
    sample, timestep, keypoints = inputs()
    keep = torch.tensor([False, True])
    output = model(sample, timestep, keypoints=keypoints, keep=keep).sample
    unseen = model(sample, timestep, condition=model.null(2, 12)).sample
    torch.testing.assert_close(output[0], unseen[0])
    assert not torch.allclose(output[1], unseen[1], atol=1e-4)


@pytest.mark.parametrize("version", [1, 2])
def test_film_versions_train_and_differ_in_size(version):
    model = ViMoTransformer(**TINY, film_version=version)
    sample, timestep, keypoints = inputs()
    model(sample, timestep, keypoints=keypoints).sample.square().mean().backward()
    assert all(p.grad is not None for n, p in model.named_parameters() if "null" not in n and "lift" not in n)
    pairs = model.blocks[0].film.linear[-1].out_features // (2 * TINY["hidden_size"])
    assert pairs == {1: 1, 2: 3}[version]


def test_presets_are_those_of_the_thesis():
    assert PRESETS["small"] == {"hidden_size": 128, "num_heads": 4}
    assert PRESETS["big"] == {"hidden_size": 256, "num_heads": 8}


def turning_pair() -> tuple[ViMoTransformer, ViMoTransformer]:
    """The same weights without and with summed headings, in units that are not 0 and 1."""
    torch.manual_seed(0)
    plain, turning = ViMoTransformer(**TINY).eval(), ViMoTransformer(**TINY, turning=True).eval()
    turning.load_state_dict(plain.state_dict(), strict=False)
    generator = torch.Generator().manual_seed(2)
    mean, std = torch.randn(151, generator=generator), 0.5 + torch.rand(151, generator=generator)
    mean[list(ROOT_LEVEL)] = 0
    plain.set_units(mean, std)  # nothing to it
    turning.set_units(mean, std)
    return plain, turning


@torch.no_grad()
def test_a_model_that_turns_starts_as_one_that_does_not():
    plain, turning = turning_pair()
    sample, timestep, keypoints = inputs()
    without, untrained = (model(sample, timestep, keypoints=keypoints).sample for model in (plain, turning))
    torch.testing.assert_close(untrained, without, atol=1e-4, rtol=0)


@torch.no_grad()
def test_an_even_turn_rate_turns_the_body_and_its_steps_evenly():
    _, model = turning_pair()
    sample, timestep, keypoints = inputs(frames=12)
    before = model(sample, timestep, keypoints=keypoints).sample * model.std + model.mean
    model.turn_rate.bias.fill_(1.5)  # radians a second
    after = model(sample, timestep, keypoints=keypoints).sample * model.std + model.mean
    turning = turn_about_y(1.5 / 30 * torch.arange(12.0))
    steps = turn_features(before, turning)
    torch.testing.assert_close(after[..., :6], steps[..., :6], atol=1e-4, rtol=0)
    torch.testing.assert_close(after[..., 6:148], before[..., 6:148], atol=1e-4, rtol=0)
    walked, turned = (each[..., -3:].diff(dim=1) for each in (before, after))
    level = torch.tensor([1.0, 0.0, 1.0])
    torch.testing.assert_close(
        turned * level, (turning[:-1] @ (walked * level)[..., None])[..., 0], atol=1e-4, rtol=0
    )


def test_turn_rates_learn():
    _, model = turning_pair()
    sample, timestep, keypoints = inputs()
    model(sample, timestep, keypoints=keypoints).sample.square().mean().backward()
    assert model.turn_rate.weight.grad.abs().max() > 0


@torch.no_grad()
def test_saving_and_loading_changes_nothing(model, tmp_path):
    model.save_pretrained(tmp_path)
    loaded = ViMoTransformer.from_pretrained(tmp_path)
    sample, timestep, keypoints = inputs()
    torch.testing.assert_close(
        loaded(sample, timestep, keypoints=keypoints).sample,
        model(sample, timestep, keypoints=keypoints).sample,
    )


def test_too_long_a_window_is_refused(model):
    sample, timestep, keypoints = inputs(frames=30)
    with pytest.raises(ValueError, match="at most 24 frames"):
        model(sample, timestep, keypoints=keypoints)


def test_an_unknown_film_version_is_refused():
    with pytest.raises(ValueError, match="film_version"):
        ViMoTransformer(**TINY, film_version=3)


def test_a_steady_walk_is_a_straight_path_from_the_origin():
    features = torch.full((1, 61, 151), 0.5)
    summed = sum_steps(features)
    path = summed[0, :, ROOT_LEVEL[1]]
    torch.testing.assert_close(path, 0.5 * torch.arange(61) / PATH_RATE)
    others = [feature for feature in range(151) if feature not in ROOT_LEVEL]
    assert torch.equal(summed[..., others], features[..., others])


def test_half_precision_keeps_paths_exact():
    features = torch.full((1, 150, 151), 0.5, dtype=torch.bfloat16)
    path = sum_steps(features)[0, :, ROOT_LEVEL[0]]
    torch.testing.assert_close(path, 0.5 * torch.arange(150) / PATH_RATE)

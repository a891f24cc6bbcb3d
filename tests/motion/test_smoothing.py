"""Smoothing takes jitter and nothing else."""

import torch

from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.rotations import axis_angle_to_matrix
from vimo_pipeline.motion.smoothing import smooth_features, smooth_rotations


def walking(frames: int = 60, *, noise: float = 0.0) -> torch.Tensor:
    """A body that turns its joints slowly and walks evenly, [2, T, 151]."""
    generator = torch.Generator().manual_seed(0)
    time = torch.arange(frames) / 30
    angles = 0.5 * torch.sin(time)[None, :, None, None] * torch.randn(2, 1, 24, 3, generator=generator)
    angles = angles + noise * torch.randn(2, frames, 24, 3, generator=generator)
    root = torch.stack([time, 0.9 + 0 * time, -2 * time], -1).expand(2, -1, -1)
    contacts = (torch.rand(2, frames, 4, generator=generator) > 0.5).float()
    return MotionFeatures(axis_angle_to_matrix(angles), contacts, root).pack()


def roughness(features: torch.Tensor) -> torch.Tensor:
    return features.diff(n=3, dim=1).abs().mean()


def test_zero_is_off_and_one_frame_stays():
    assert torch.equal(smooth_features(walking(), 0.0), walking())
    assert torch.equal(smooth_features(walking(1), 1.5), walking(1))


def test_an_even_walk_and_the_contacts_stay_to_the_last_frame():
    before, after = unpack_features(walking()), unpack_features(smooth_features(walking(), 1.5))
    torch.testing.assert_close(after.root, before.root, atol=1e-5, rtol=0)
    assert torch.equal(after.contacts, before.contacts)


def test_slow_turns_stay_and_jitter_goes():
    clean, noisy = walking(), walking(noise=0.05)
    torch.testing.assert_close(smooth_features(clean, 1.5), clean, atol=5e-3, rtol=0)
    assert roughness(smooth_features(noisy, 1.5)[..., :144]) < 0.15 * roughness(noisy[..., :144])
    error = (smooth_features(noisy, 1.5) - clean).square().mean()
    assert error < 0.4 * (noisy - clean).square().mean()


def test_rotations_stay_rotations_even_in_clips_shorter_than_the_average():
    for frames in (2, 3, 60):
        matrices = unpack_features(smooth_features(walking(frames, noise=0.3), 1.5)).rotations
        product = matrices @ matrices.mT
        torch.testing.assert_close(product, torch.eye(3).expand_as(product), atol=1e-5, rtol=0)


def test_rotations_alone_are_smoothed_as_they_are_among_the_features():
    noisy = walking(noise=0.05)
    whole = unpack_features(smooth_features(noisy, 1.5)).rotations
    torch.testing.assert_close(smooth_rotations(unpack_features(noisy).rotations[0], 1.5), whole[0])
    assert torch.equal(smooth_rotations(whole[0], 0.0), whole[0])

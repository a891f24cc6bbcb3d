"""Training windows: canonical, whole, and true to the clips they come from."""

import pytest
import torch

from vimo_pipeline.data.windows import MotionBank, canonical
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import heading_angle


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_windows_start_at_the_origin_facing_forward(bank):
    motion, mask = bank.draw(16, 20, generator=seeded())
    torch.testing.assert_close(motion.root[:, 0, [0, 2]], torch.zeros(16, 2), atol=1e-6, rtol=0)
    heading = heading_angle(motion.rotations[:, 0, 0])
    torch.testing.assert_close(heading, torch.zeros(16), atol=1e-5, rtol=0)
    assert mask[:, 0].all()


def test_short_clips_are_padded_with_their_last_frame(bank):
    motion, mask = bank.draw(64, 60, generator=seeded(), augment=())
    assert not mask.all() and mask[:, :25].all()
    for roots, real in zip(motion.root, mask, strict=True):
        assert (roots[~real] == roots[real][-1]).all()


def test_without_augmentation_a_window_is_a_piece_of_its_clip():
    generator = torch.Generator().manual_seed(5)
    quaternions = torch.nn.functional.normalize(torch.randn(12, 24, 4, generator=generator), dim=-1)
    clip = Motion.from_rotations(quaternions, torch.randn(12, 3, generator=generator))
    motion, _ = MotionBank([clip]).draw(1, 12, generator=seeded(), augment=())
    whole = clip.canonical()
    joints = forward_kinematics(motion.rotations[0], motion.root[0])
    torch.testing.assert_close(joints, whole.joints(), atol=1e-4, rtol=0)


def test_canonical_does_not_change_the_body(bank):
    motion, _ = bank.draw(4, 20, generator=seeded())
    again = canonical(motion)
    for first, second in zip(motion, again, strict=True):
        torch.testing.assert_close(first, second, atol=1e-5, rtol=0)


def test_the_same_seed_draws_the_same(bank):
    first, second = (bank.draw(4, 20, generator=seeded(7)).motion.pack() for _ in range(2))
    assert torch.equal(first, second)


def test_no_clips_is_an_error():
    with pytest.raises(ValueError, match="no motion clips"):
        MotionBank([])

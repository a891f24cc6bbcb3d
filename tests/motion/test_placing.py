"""Motions seen from where a body stands."""

import math

import torch

from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.placing import Stand, canonical, seen_from, stand_of
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, heading_angle, turn_about_y


def wandering(clips: int = 3, frames: int = 12) -> MotionFeatures:
    generator = torch.Generator().manual_seed(0)
    turns = 0.3 * torch.randn(clips, frames, 24, 3, generator=generator)
    root = torch.randn(clips, frames, 3, generator=generator)
    return MotionFeatures(axis_angle_to_matrix(turns), torch.zeros(clips, frames, 4), root)


def joints(motion: MotionFeatures) -> torch.Tensor:
    return forward_kinematics(motion.rotations, motion.root)


def test_in_its_frame_a_body_stands_at_the_origin_and_faces_z():
    motion, at, clip = wandering(), torch.tensor([0, 5, 11]), torch.arange(3)
    seen = seen_from(motion, stand_of(motion, at))
    assert seen.root[clip, at][:, [0, 2]].abs().max() < 1e-6
    assert heading_angle(seen.rotations[clip, at, 0]).abs().max() < 1e-5


def test_shapes_and_heights_stay():
    motion = wandering()
    seen = joints(seen_from(motion, stand_of(motion, torch.tensor([3, 4, 5]))))
    torch.testing.assert_close(seen[..., 1], joints(motion)[..., 1])
    apart = [each[..., None, :] - each[..., None, :, :] for each in (seen, joints(motion))]
    torch.testing.assert_close(apart[0].norm(dim=-1), apart[1].norm(dim=-1), atol=1e-5, rtol=0)


def test_it_does_not_matter_where_it_was_before():
    motion, at = wandering(), torch.tensor([2, 7, 9])
    anywhere = Stand(torch.tensor([[[1.0, 0, -2]]]), turn_about_y(torch.full((3, 1), math.radians(130))))
    moved = seen_from(motion, anywhere)
    for one, other in zip(
        seen_from(motion, stand_of(motion, at)), seen_from(moved, stand_of(moved, at)), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=0)


def test_canonical_is_to_be_seen_from_the_first_frame():
    motion = wandering()
    for one, other in zip(canonical(motion), seen_from(motion, stand_of(motion)), strict=True):
        assert torch.equal(one, other)

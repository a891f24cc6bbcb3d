"""Losses of hand-computable motions."""

import torch

from vimo_pipeline.losses import (
    foot_contact_loss,
    joint_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)
from vimo_pipeline.motion.skeleton import joint_index

FPS = 30.0


def still_body(frames: int = 6) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(1, 1, 24, 3, generator=generator).repeat(1, frames, 1, 1)


def moving(joints: torch.Tensor, metres_a_second: float) -> torch.Tensor:
    time = torch.arange(joints.shape[1]) / FPS
    return joints + metres_a_second * time[None, :, None, None] * torch.tensor([1.0, 0.0, 0.0])


def test_a_perfect_prediction_costs_nothing():
    joints = moving(still_body(), 2.0)
    assert simple_loss(joints.flatten(2), joints.flatten(2)).max() == 0
    assert joint_position_loss(joints, joints).max() == 0
    assert velocity_loss(joints, joints, fps=FPS).max() == 0


def test_joint_positions_do_not_see_where_the_body_is():
    joints = still_body()
    loss = joint_position_loss(joints + 5.0, joints)
    torch.testing.assert_close(loss, torch.zeros(1, 6), atol=1e-6, rtol=0)


def test_one_hand_off_by_ten_centimetres():
    joints = still_body()
    wrong = joints.clone()
    wrong[..., joint_index("left_hand"), 1] += 0.1
    torch.testing.assert_close(joint_position_loss(wrong, joints), torch.full((1, 6), 0.01 / 24))


def test_velocity_is_in_metres_a_second():
    joints = still_body()
    loss = velocity_loss(moving(joints, 2.0), joints, fps=FPS)
    torch.testing.assert_close(loss, torch.tensor([[4.0, 4.0, 4.0, 4.0, 4.0, 0.0]]), atol=1e-3, rtol=0)


def test_feet_slide_only_where_contact_is_claimed():
    joints = moving(still_body(), 1.0)
    contacts = torch.zeros(1, 6, 4)
    assert foot_contact_loss(joints, contacts, fps=FPS).max() == 0
    contacts[..., 0] = 1.0
    loss = foot_contact_loss(joints, contacts, fps=FPS)
    torch.testing.assert_close(loss[:, :-1], torch.full((1, 5), 0.25), atol=1e-3, rtol=0)


def test_claiming_contact_teaches_the_feet_and_the_claim():
    joints = moving(still_body(), 1.0).requires_grad_()
    contacts = torch.full((1, 6, 4), 0.5, requires_grad=True)
    foot_contact_loss(joints, contacts, fps=FPS).sum().backward()
    assert joints.grad.abs().sum() > 0 and contacts.grad[:, :-1].min() > 0


def test_padding_and_snr_weights():
    loss = torch.tensor([[1.0, 2.0, 100.0]])
    mask = torch.tensor([[True, True, False]])
    assert weighted_mean(loss, torch.ones(1, 3), mask) == 1.5
    assert weighted_mean(loss, torch.tensor([[2.0, 0.0, 1.0]]), mask) == 1.0

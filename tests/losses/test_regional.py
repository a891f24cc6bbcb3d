"""Hands and feet weigh more exactly where they were seen."""

import pytest
import torch

from vimo_pipeline.losses import LIMB_ENDS, joint_position_loss, regional_position_loss
from vimo_pipeline.motion.skeleton import joint_index

ENDS = ("left_wrist", "left_hand", "right_ankle", "right_foot")


def bodies() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 5, 24, 3, generator=generator), torch.randn(2, 5, 24, 3, generator=generator)


def one_wrong_joint(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    clean, _ = bodies()
    predicted = clean.clone()
    predicted[..., joint_index(name), 1] += 0.1
    return predicted, clean


def test_what_was_not_surely_seen_weighs_nothing():
    loss = regional_position_loss(*bodies(), torch.full((2, 5, 4), 0.59), threshold=0.6)
    assert loss.shape == (2, 5) and loss.max() == 0


@pytest.mark.parametrize("name", ENDS)
def test_a_seen_limb_end_is_counted_as_in_the_plain_loss(name):
    predicted, clean = one_wrong_joint(name)
    loss = regional_position_loss(predicted, clean, torch.ones(2, 5, 4), threshold=0.6)
    torch.testing.assert_close(loss, joint_position_loss(predicted, clean))


@pytest.mark.parametrize("name", ENDS)
def test_each_keypoint_opens_the_gate_of_its_own_limb(name):
    side, _, _ = name.partition("_")
    end = f"{side}_wrist" if "hand" in name or "wrist" in name else f"{side}_ankle"
    confidence = torch.zeros(2, 5, 4)
    confidence[..., LIMB_ENDS.index(end)] = 1
    predicted, clean = one_wrong_joint(name)
    assert regional_position_loss(predicted, clean, confidence, threshold=0.6).min() > 0
    assert regional_position_loss(predicted, clean, 1 - confidence, threshold=0.6).max() == 0


def test_other_joints_are_left_to_the_plain_loss():
    loss = regional_position_loss(*one_wrong_joint("left_knee"), torch.ones(2, 5, 4), threshold=0.6)
    assert loss.max() == 0


def test_a_threshold_of_nothing_is_no_gate():
    predicted, clean = bodies()
    unsure, sure = torch.zeros(2, 5, 4), torch.ones(2, 5, 4)
    ungated = regional_position_loss(predicted, clean, unsure, threshold=0)
    torch.testing.assert_close(ungated, regional_position_loss(predicted, clean, sure, threshold=0.6))


def test_where_the_body_is_does_not_matter():
    predicted, clean = bodies()
    seen = torch.ones(2, 5, 4)
    torch.testing.assert_close(
        regional_position_loss(predicted + 5, clean, seen, threshold=0.6),
        regional_position_loss(predicted, clean, seen, threshold=0.6),
    )

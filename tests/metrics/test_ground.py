"""Feet under the floor, and feet that slide on it."""

import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import foot_skating_ratio, ground_penetration
from vimo_pipeline.motion.body import load_body, skin
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index

SOLE = float(load_body().vertices[:, 1].min())  # below the pelvis in T-pose


def standing(heights: list[float]) -> Motion:
    """T-poses whose soles are at these heights over the floor."""
    rotations = torch.zeros(len(heights), 24, 4)
    rotations[..., 3] = 1
    root = torch.tensor([[0.3, height - SOLE, -2.0] for height in heights])
    return Motion(rotations, root, torch.ones(len(heights), 4))


def test_soles_by_hand():
    found = ground_penetration(standing([0.0, -0.02, 0.3, -0.04]))
    assert found.share == 0.5
    assert found.depth == pytest.approx(0.03, abs=1e-4)


def test_standing_and_floating_do_not_penetrate():
    assert ground_penetration(standing([0.0, -0.004, 1.0])) == (0.0, 0.0)


def test_it_is_the_lowest_point_of_the_skinned_feet():
    generator = torch.Generator().manual_seed(0)
    bent = 0.4 * torch.randn(6, 24, 3, generator=generator)
    motion = Motion(axis_angle_to_quaternion(bent), torch.zeros(6, 3), torch.zeros(6, 4))
    ankles_and_toes = [
        joint_index(f"{side}_{part}") for side in ("left", "right") for part in ("ankle", "foot")
    ]
    rigid = load_body().dense_weights()[:, ankles_and_toes].amax(1) > 0.99
    lowest = skin(load_body(), motion)[:, rigid, 1].amin(1)
    found = ground_penetration(motion)
    assert found.share == 1
    assert found.depth == pytest.approx(-float(lowest.mean()), abs=0.01)  # blended vertices may lie deeper


def test_a_turned_world_has_the_same_floor():
    motion = standing([-0.03, -0.01])
    assert ground_penetration(motion.turn(2.0)) == pytest.approx(ground_penetration(motion), abs=1e-5)


def feet_at(ankle: float, toe: float, metres_a_second: float) -> torch.Tensor:
    joints = torch.ones(31, 24, 3)
    for side in ("left", "right"):
        joints[:, joint_index(f"{side}_ankle"), 1] = ankle
        joints[:, joint_index(f"{side}_foot"), 1] = toe
    joints[:, joint_index("left_foot"), 0] = torch.linspace(0, metres_a_second, 31)
    return joints


def test_only_low_and_fast_feet_skate():
    assert foot_skating_ratio(feet_at(0.09, 0.06, 0.5), fps=30) == 0.5  # one foot of two
    assert foot_skating_ratio(feet_at(0.09, 0.06, 0.2), fps=30) == 0
    assert foot_skating_ratio(feet_at(0.10, 0.06, 0.5), fps=30).isnan()
    assert foot_skating_ratio(feet_at(0.09, 0.07, 0.5), fps=30).isnan()


def test_a_slide_along_the_diagonal_is_seen():
    joints = feet_at(0.08, 0.02, 0.5)
    joints[:, joint_index("left_foot"), 2] = -joints[
        :, joint_index("left_foot"), 0
    ]  # Lodge's mean of both is 0
    assert foot_skating_ratio(joints, fps=30) == 0.5

"""Conversions there and back, and rotations that behave like rotations."""

import math

import pytest
import roma
import torch
from torch.testing import assert_close

from vimo_pipeline.motion.rotations import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    closest_sign,
    heading_angle,
    matrix_to_6d,
    matrix_to_quaternion,
    quaternion_to_axis_angle,
    quaternion_to_matrix,
    sixd_to_matrix,
    slerp,
    slerp_matrices,
    turn_about_y,
)


@pytest.fixture
def quaternions() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    raw = torch.randn(5, 24, 4, generator=generator, dtype=torch.float64)
    return raw / raw.norm(dim=-1, keepdim=True)


@pytest.fixture
def matrices(quaternions) -> torch.Tensor:
    return quaternion_to_matrix(quaternions)


def test_matrices_are_rotations(matrices):
    assert_close(matrices @ matrices.mT, torch.eye(3).double().expand_as(matrices))
    assert_close(torch.linalg.det(matrices), torch.ones(5, 24).double())


def test_quaternion_matrix_there_and_back(quaternions, matrices):
    back = matrix_to_quaternion(matrices)
    assert_close(back * (back * quaternions).sum(-1, keepdim=True).sign(), quaternions)


def test_length_of_a_quaternion_does_not_matter(quaternions, matrices):
    assert_close(quaternion_to_matrix(3 * quaternions), matrices)
    assert_close(quaternion_to_axis_angle(3 * quaternions), quaternion_to_axis_angle(quaternions))


def test_axis_angle_there_and_back(quaternions, matrices):
    axis_angles = quaternion_to_axis_angle(quaternions)
    assert (axis_angles.norm(dim=-1) <= math.pi + 1e-9).all()
    assert_close(axis_angle_to_matrix(axis_angles), matrices)
    assert_close(quaternion_to_matrix(axis_angle_to_quaternion(axis_angles)), matrices)


def test_6d_there_and_back(matrices):
    assert_close(sixd_to_matrix(matrix_to_6d(matrices)), matrices)


def test_6d_is_the_first_two_columns():
    matrix = torch.arange(9.0).view(3, 3)
    assert matrix_to_6d(matrix).tolist() == [0, 3, 6, 1, 4, 7]


def test_6d_of_any_length_and_angle_gives_a_rotation(matrices):
    first, second = matrix_to_6d(matrices).unflatten(-1, (2, 3)).unbind(-2)
    bent = torch.cat([2 * first, 0.5 * second + 0.3 * first], -1)
    assert_close(sixd_to_matrix(bent), matrices)


def test_turn_about_y_turns_z_towards_x():
    quarter = turn_about_y(torch.tensor(math.pi / 2))
    assert_close(quarter @ torch.tensor([0.0, 0.0, 1.0]), torch.tensor([1.0, 0.0, 0.0]))
    assert_close(
        turn_about_y(torch.tensor([0.2])) @ turn_about_y(torch.tensor([0.3])),
        turn_about_y(torch.tensor([0.5])),
    )


def test_heading_is_the_angle_of_a_turn_and_adds_up(matrices):
    angles = torch.linspace(-3, 3, 13).double()
    assert_close(heading_angle(turn_about_y(angles)), angles)
    more = heading_angle(turn_about_y(torch.tensor(0.4).double()) @ matrices) - heading_angle(matrices)
    assert_close(torch.cos(more - 0.4), torch.ones_like(more))


def test_heading_ignores_lean():
    lean = axis_angle_to_matrix(torch.tensor([0.6, 0.0, -0.5]))  # an axis in the floor plane: no turn at all
    assert_close(heading_angle(turn_about_y(torch.tensor(0.8)) @ lean), torch.tensor(0.8))


def test_slerp_ends_and_halves(quaternions):
    start, stop = quaternions[0], quaternions[1]
    for part, expected in ((0.0, start), (1.0, stop)):
        reached = slerp(start, stop, torch.full((24,), part).double())
        assert_close(quaternion_to_matrix(reached), quaternion_to_matrix(expected))
    half = slerp(start, stop, torch.full((24,), 0.5).double())
    first, second = (
        roma.rotmat_geodesic_distance(quaternion_to_matrix(a), quaternion_to_matrix(b))
        for a, b in ((start, half), (half, stop))
    )
    assert_close(first, second)


def test_slerp_takes_the_shorter_arc_whatever_the_signs(quaternions):
    start, stop, part = quaternions[0], quaternions[1], torch.full((24,), 0.3).double()
    assert_close(
        quaternion_to_matrix(slerp(start, -stop, part)), quaternion_to_matrix(slerp(start, stop, part))
    )


def test_slerp_does_not_mind_the_length_of_quaternions(quaternions):
    start, stop, part = quaternions[0], quaternions[1], torch.full((24,), 0.3).double()
    assert_close(
        quaternion_to_matrix(slerp(2 * start, 3 * stop, part)), quaternion_to_matrix(slerp(start, stop, part))
    )


def test_closest_sign_removes_jumps_and_no_rotation(quaternions):
    angles = torch.linspace(0, 20, 200).double()  # three turns: the sign of a converted quaternion jumps
    axis = torch.tensor([0.0, 1.0, 0.0]).double()
    jumping = matrix_to_quaternion(axis_angle_to_matrix(angles[:, None] * axis))
    smooth = closest_sign(jumping)
    assert (jumping.diff(dim=0).norm(dim=-1) > 1).any()
    assert (smooth.diff(dim=0).norm(dim=-1) < 0.1).all()
    assert_close(quaternion_to_matrix(smooth), quaternion_to_matrix(jumping))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_any_batch_shape(shape):
    quaternion = torch.tensor([0.0, 0.0, 0.6, 0.8]).expand(*shape, 4)
    assert sixd_to_matrix(matrix_to_6d(quaternion_to_matrix(quaternion))).shape == (*shape, 3, 3)
    assert heading_angle(quaternion_to_matrix(quaternion)).shape == shape


def test_matrices_go_the_way_that_quaternions_go(quaternions):
    start, stop = quaternions[:2]
    part = torch.full((24,), 0.3, dtype=torch.float64)
    wanted = quaternion_to_matrix(slerp(start, stop, part))
    assert_close(slerp_matrices(quaternion_to_matrix(start), quaternion_to_matrix(stop), 0.3), wanted)

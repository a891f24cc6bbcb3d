"""Cameras in closed form: exact on exact pictures, free at a cut, smooth within a shot."""

import pytest
import torch
from torch import Tensor

from vimo_pipeline.motion.rotations import axis_angle_to_matrix
from vimo_pipeline.pipelines.following.camera_solving import (
    average_within_shot,
    nearest_rotation,
    solve_cameras,
    solve_turns,
)

FRAMES, CUT = 40, 23
SHOTS = (torch.arange(FRAMES) >= CUT).long()[None]
ONE_SHOT = torch.zeros(1, FRAMES, dtype=torch.long)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def points(count: int = 17) -> Tensor:
    return 0.4 * torch.randn(1, FRAMES, count, 3, generator=seeded())


def turns() -> Tensor:
    """One camera before the cut and another from it on, [1, T, 3, 3]."""
    two = axis_angle_to_matrix(torch.tensor([[0.2, 2.0, -0.1], [-0.1, -0.7, 0.3]]))
    return two[SHOTS]


def seen(picture: Tensor) -> Tensor:
    return torch.cat([picture, torch.ones(*picture.shape[:-1], 1)], -1)


def weak_perspective() -> Tensor:
    """Points filmed from far away, at another size and place in each shot."""
    size, shift = torch.tensor([0.5, 1.3])[SHOTS], torch.tensor([[0.2, -0.1], [0.0, 0.4]])[SHOTS]
    flat = (points() @ turns().mT)[..., :2]
    return seen((flat - shift[..., None, :]) / size[..., None, None])


def test_far_cameras_are_found_exactly_on_both_sides_of_a_cut():
    cameras = solve_cameras(points(), weak_perspective(), SHOTS, turn=turns())
    torch.testing.assert_close(cameras.size, torch.tensor([0.5, 1.3])[SHOTS], atol=1e-3, rtol=0)
    torch.testing.assert_close(cameras.closeness, torch.zeros(1, FRAMES), atol=1e-3, rtol=0)
    again = cameras.project(cameras.place(points()))
    torch.testing.assert_close(again, weak_perspective()[..., :2], atol=2e-3, rtol=0)


def test_without_knowing_of_the_cut_both_sides_are_wrong():
    cameras = solve_cameras(points(), weak_perspective(), ONE_SHOT, turn=turns())
    near_cut = slice(CUT - 2, CUT + 2)
    assert (cameras.size - torch.tensor([0.5, 1.3])[SHOTS]).abs()[:, near_cut].min() > 0.05


def test_a_near_camera_is_told_from_a_far_one():
    placed = points() @ turns().mT
    picture = seen(placed[..., :2] / (1 - 0.4 * placed[..., 2:]))
    cameras = solve_cameras(points(), picture, SHOTS, turn=turns())
    torch.testing.assert_close(cameras.closeness, torch.full((1, FRAMES), 0.4), atol=0.06, rtol=0)
    torch.testing.assert_close(cameras.size, torch.ones(1, FRAMES), atol=0.03, rtol=0)


def test_laying_undoes_projecting():
    cameras = solve_cameras(points(), weak_perspective(), SHOTS, turn=turns())
    placed = cameras.place(points())
    laid = cameras.lay(cameras.project(placed), placed[..., 2])
    torch.testing.assert_close(laid, placed[..., :2], atol=1e-4, rtol=1e-4)


def test_points_that_were_not_seen_do_not_count():
    keypoints = weak_perspective()
    keypoints[..., 3, :2] = 50.0
    keypoints[..., 3, 2] = 0
    cameras = solve_cameras(points(), keypoints, SHOTS, turn=turns())
    torch.testing.assert_close(cameras.size, torch.tensor([0.5, 1.3])[SHOTS], atol=1e-3, rtol=0)


def test_a_frame_without_keypoints_borrows_from_its_shot_and_nothing_seen_stays_finite():
    keypoints = weak_perspective()
    keypoints[:, 5] = 0
    cameras = solve_cameras(points(), keypoints, SHOTS, turn=turns())
    torch.testing.assert_close(cameras.size[:, 5], torch.tensor([0.5]), atol=1e-3, rtol=0)
    blind = solve_cameras(points(), torch.zeros(1, FRAMES, 17, 3), SHOTS, turn=turns())
    assert all(each.isfinite().all() for each in blind)


def test_turns_are_found_on_both_sides_of_a_cut_wherever_the_pelvis_is_taken_to_be():
    joints = points(24)
    camera_joints = joints @ turns().mT + torch.tensor([0.1, 0.0, -0.3])
    found = solve_turns(joints, camera_joints, torch.ones(1, FRAMES, 17), SHOTS)
    torch.testing.assert_close(found, turns(), atol=1e-4, rtol=0)


def test_a_camera_turns_slowly_though_its_estimates_jump():
    joints = points(24)
    jumps = axis_angle_to_matrix(0.2 * torch.randn(1, FRAMES, 3, generator=seeded()))
    found = solve_turns(joints, joints @ (jumps @ turns()[:, :1]).mT, torch.ones(1, FRAMES, 17), ONE_SHOT)
    assert found.diff(dim=1).abs().max() < 0.1 * jumps.diff(dim=1).abs().max()
    torch.testing.assert_close(torch.linalg.det(found), torch.ones(1, FRAMES), atol=1e-4, rtol=0)


@pytest.mark.parametrize("deviation", [0.5, 5.0])
def test_averages_keep_what_is_constant_in_a_shot(deviation):
    level = torch.tensor([1.0, -3.0])[SHOTS][..., None]
    torch.testing.assert_close(average_within_shot(level, SHOTS, deviation), level)


def test_nearest_rotation_finds_the_rotation_and_never_a_mirror():
    some = torch.randn(5, 24, 3, generator=seeded())
    camera = axis_angle_to_matrix(torch.tensor([0.2, 2.0, -0.1]))
    torch.testing.assert_close(
        nearest_rotation(some, some @ camera.T), camera.expand(5, 3, 3), atol=1e-4, rtol=0
    )
    mirrored = some * torch.tensor([-1.0, 1.0, 1.0])
    assert torch.linalg.det(nearest_rotation(some, mirrored)).min() > 0.99

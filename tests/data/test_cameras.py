"""Virtual cameras: geometry that can be computed by hand, and randomness that follows its generator."""

import math

import torch

from vimo_pipeline.data.cameras import FOCAL_LENGTH, Shot, film, look


def still_shot(azimuth: float, *, distance: float = 4.0, elevation: float = 0.0, roll: float = 0.0) -> Shot:
    return Shot(*(torch.full((1, 1), number) for number in (azimuth, elevation, distance, roll)))


def seen(point: list[float], shot: Shot) -> torch.Tensor:
    points = torch.tensor(point).view(1, 1, 1, 3)
    return look(points, torch.zeros(1, 1, 3), shot).pixels[0, 0, 0] / FOCAL_LENGTH


def test_from_the_front_the_left_hand_is_on_the_right():
    torch.testing.assert_close(seen([1.0, 0.0, 0.0], still_shot(0.0)), torch.tensor([0.25, 0.0]))


def test_from_behind_it_is_on_the_left():
    shot = still_shot(math.pi)
    torch.testing.assert_close(seen([1.0, 0.0, 0.0], shot), torch.tensor([-0.25, 0.0]), atol=1e-6, rtol=0)


def test_up_is_up_and_y_grows_downwards():
    for azimuth in (0.0, 1.0, 2.5):
        torch.testing.assert_close(seen([0.0, 1.0, 0.0], still_shot(azimuth)), torch.tensor([0.0, -0.25]))


def test_what_is_nearer_looks_larger():
    shot = still_shot(0.0)
    assert seen([0.5, 0.0, 1.0], shot)[0] > seen([0.5, 0.0, 0.0], shot)[0] > seen([0.5, 0.0, -1.0], shot)[0]


def test_the_target_is_in_the_middle_from_everywhere():
    for shot in (still_shot(0.3, elevation=0.7), still_shot(2.0, roll=0.5, elevation=-0.2)):
        torch.testing.assert_close(seen([0.0, 0.0, 0.0], shot), torch.zeros(2))


def test_rolling_turns_the_picture():
    plain, rolled = (seen([0.3, 0.4, 0.0], still_shot(0.0, roll=roll)) for roll in (0.0, math.pi / 2))
    torch.testing.assert_close(rolled.norm(), plain.norm())
    torch.testing.assert_close((plain * rolled).sum(), torch.tensor(0.0), atol=1e-6, rtol=0)


def test_camera_axes_are_a_rotation():
    view = film(torch.randn(8, 20, 5, 3), torch.zeros(8, 20, 3), generator=torch.Generator().manual_seed(0))
    axes = view.world_to_camera
    torch.testing.assert_close(axes @ axes.mT, torch.eye(3).expand_as(axes), atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.linalg.det(axes), torch.ones(8, 20), atol=1e-5, rtol=0)


def test_shots_only_ever_count_up_and_some_clips_have_a_cut():
    root = torch.zeros(200, 30, 3)
    shots = film(root[:, :, None], root, generator=torch.Generator().manual_seed(0)).shots
    assert (shots.diff(dim=1) >= 0).all()
    assert 0.08 < (shots[:, -1] > 0).float().mean() < 0.24

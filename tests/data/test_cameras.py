"""Virtual cameras: geometry that can be computed by hand, and randomness that follows its generator."""

import math
from dataclasses import replace

import torch

from vimo_pipeline.data.cameras import FOCAL_LENGTH, Shot, View, film, look
from vimo_pipeline.data.casual import LEVELS, Casual


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


STILL = Casual(
    cut_share=0.0, following_share=0.0, panning_share=0.0, moving_share=0.0, zooming_share=0.0,
    shaking_share=0.0, cropped_share=0.0,
)  # fmt: skip


def walk(batch: int, frames: int) -> torch.Tensor:
    """Two metres to the side."""
    across = torch.linspace(-1, 1, frames).expand(batch, frames)
    return torch.stack([across, torch.ones(batch, frames), torch.zeros(batch, frames)], -1)


def filmed(casual: Casual, *, batch: int = 64, frames: int = 60) -> View:
    root = walk(batch, frames)
    return film(root[:, :, None], root, generator=torch.Generator().manual_seed(0), casual=casual)


def test_a_still_camera_is_still_and_a_walker_crosses_its_picture():
    view = filmed(STILL)
    assert view.world_to_camera.diff(dim=1).abs().max() < 1e-6
    assert view.pixels_per_metre.diff(dim=1).abs().max() < 1e-3
    along = view.pixels.diff(dim=1)[:, :, 0].norm(dim=-1) / view.pixels_per_metre[:, 1:]
    assert along.max() > 0.02


def test_a_panning_camera_turns_on_the_spot_and_a_following_one_comes_along():
    for casual, turns in (
        (replace(STILL, panning_share=1.0), True),
        (replace(STILL, following_share=1.0), False),
    ):
        view = filmed(casual)
        eye = walk(64, 60) - (view.metres[:, :, 0, None] @ view.world_to_camera)[:, :, 0]
        moved = (eye - eye[:, :1]).norm(dim=-1).amax(1)
        turned = (view.world_to_camera - view.world_to_camera[:, :1]).abs().amax((1, 2, 3))
        assert ((moved < 1e-4) == turns).all()
        assert (turned > 0.05).any() == turns


def test_a_zoom_is_slow_and_bounded():
    view = filmed(replace(STILL, zooming_share=1.0))
    zoom = (view.pixels_per_metre / view.pixels_per_metre[:, :1]).log()
    assert zoom.abs().max() < 1.5 and zoom.abs().amax(1).median() > 0.05
    assert zoom.diff(dim=1).abs().max() < 0.06


def test_hands_shake_a_little_and_quickly():
    axes = filmed(replace(STILL, shaking_share=1.0)).world_to_camera
    step = (axes[:, 1:] - axes[:, :-1]).flatten(2).norm(dim=-1)  # sqrt(2) times the angle of the turn
    assert 1e-4 < step.mean() < 0.02 and step.max() < 0.06
    back_and_forth = (axes[:, 1:, 0, 1] - axes[:, :-1, 0, 1]).sign().diff(dim=1) != 0
    assert back_and_forth.float().mean() > 0.1


def test_pictures_end_only_for_the_cropped():
    assert filmed(STILL).inside.all()
    root = walk(200, 60)
    person = root[:, :, None] + torch.tensor([[0.0, 0.75, 0.0], [0.0, 0.0, 0.0], [0.0, -0.9, 0.0]])
    casual = replace(STILL, cropped_share=1.0)
    inside = film(person, root, generator=torch.Generator().manual_seed(0), casual=casual).inside
    head, pelvis, foot = inside.float().mean((0, 1))
    assert pelvis > head > 0.3 and pelvis > foot > 0.3 and pelvis < 1


def test_nobody_walks_through_the_camera():
    for casual in (STILL, *LEVELS.values()):
        assert filmed(casual).metres[..., 2].max() < -0.5


def test_every_clip_of_the_hardest_level_has_a_cut_and_none_of_the_others():
    shares = [(filmed(casual).shots[:, -1] > 0).float().mean() for casual in LEVELS.values()]
    assert shares == [0.0, 0.0, 1.0]

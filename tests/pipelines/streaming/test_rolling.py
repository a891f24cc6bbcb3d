"""The triangle of noise levels and the window that slides along a motion."""

import torch
from torch.testing import assert_close

from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.rotations import heading_angle, turn_about_y
from vimo_pipeline.pipelines.streaming.rolling import add_noise, noise_in, triangle
from vimo_pipeline.pipelines.streaming.sliding import Place, carried_on, continued, end_of, start_of
from vimo_pipeline.schedulers import PTSSScheduler

from ..filmed import a_motion


def walked(seed: int = 0) -> torch.Tensor:
    """A body that turns and goes somewhere, [1, T, 151]."""
    features = a_motion(seed)
    path = torch.linspace(0, 2, features.shape[1])[:, None] * torch.tensor([0.4, 0.1, 0.8])
    turning = turn_about_y(torch.linspace(0.3, 2, features.shape[1]))
    motion = unpack_features(features)
    rotations = motion.rotations.clone()
    rotations[0, :, 0] = turning @ rotations[0, :, 0]
    return motion._replace(rotations=rotations, root=path[None]).pack()


def test_the_newest_frame_is_all_noise_and_levels_rise():
    times = triangle(PTSSScheduler(), 6)
    assert times[-1] == 999 and (times.diff() > 0).all() and len(times) == 6
    assert triangle(PTSSScheduler(), 1).tolist() == [999]


def test_a_row_down_is_a_step_of_ddim():
    scheduler, generator = PTSSScheduler(), torch.Generator().manual_seed(0)
    times = triangle(scheduler, 5)
    scheduler.set_timesteps(5)
    noisy, clean = torch.randn(2, 1, 5, 7, generator=generator)
    noise = noise_in(scheduler, noisy, clean, times)
    assert_close(add_noise(scheduler, clean, noise, times), noisy, atol=1e-5, rtol=1e-5)
    stepped = scheduler.step(clean, times[None], noisy).prev_sample
    below = torch.cat([torch.tensor([-1]), times[:-1]])
    assert_close(add_noise(scheduler, clean, noise, below), stepped, atol=1e-5, rtol=1e-5)


def test_a_place_and_its_inverse():
    features = walked()
    place = Place(turn_about_y(torch.tensor([0.7])), torch.tensor([[1.0, 0.0, -2.0]]))
    assert_close(place.inverse().put(place.put(features)), features, atol=1e-5, rtol=1e-5)
    assert_close(place.then(place.inverse()).put(features), features, atol=1e-5, rtol=1e-5)


def test_a_window_taken_back_to_its_start_is_canonical():
    features = walked()
    back = start_of(features).inverse().put(features)
    first = unpack_features(back)
    assert abs(float(heading_angle(first.rotations[0, 0, 0]))) < 1e-5
    assert_close(first.root[0, 0], features[0, 0, -3:] * torch.tensor([0.0, 1.0, 0.0]))
    assert_close(end_of(features).turn, start_of(features[:, -1:]).turn)


def test_a_prediction_goes_on_where_the_known_frames_end():
    features = walked()
    elsewhere = Place(turn_about_y(torch.tensor([2.0])), torch.tensor([[3.0, 0.0, 1.0]])).put(features)
    assert_close(continued(elsewhere, features[:, :8], kept=0.8), features, atol=1e-4, rtol=1e-4)


def test_known_poses_stay_and_the_path_on_which_they_came_is_told_anew():
    known, other = walked()[:, :8], walked(seed=1)
    other[..., -1] *= 2  # twice as fast
    told = continued(other, known, kept=0.8)[:, :8]
    assert_close(told[..., :-3], known[..., :-3])
    assert_close(told[..., -2], known[..., -2])
    assert_close(told[:, -1], known[:, -1], atol=1e-5, rtol=1e-5)
    steps = [each[:, :8, [-3, -1]].diff(dim=1).norm(dim=-1) for each in (told, other)]
    assert_close(*steps, atol=1e-5, rtol=1e-4)


def test_what_a_prediction_gets_wrong_fades():
    features, other = walked(), walked(seed=1)
    assert_close(carried_on(features, features[:, :1], kept=0.8), features, atol=1e-5, rtol=1e-5)
    eased = carried_on(features, other[:, :1], kept=0.5)
    apart = (
        (unpack_features(eased).rotations - unpack_features(features).rotations).flatten(2).norm(dim=-1)[0]
    )
    assert_close(unpack_features(eased).rotations[:, 0], unpack_features(other).rotations[:, 0])
    assert (apart.diff() < 0).all() and apart[-1] < 1e-3 * apart[0]

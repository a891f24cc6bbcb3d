"""Planted feet tell a stream's path: what slides stands, what walks goes as far as its feet say."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.testing import assert_close

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.foot_path import led_by_feet
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion, turn_about_y
from vimo_pipeline.motion.skeleton import joint_index
from vimo_pipeline.pipelines.streaming.planted_path import PlantedPath
from vimo_pipeline.pipelines.streaming.sliding import Place

from ...motion.test_foot_locking import FEET, skate, standing, stepping

AHEAD = 5


def sent_through(features: Tensor, *, at_once: int = 1) -> Tensor:
    """What comes out of a path that knows so many frames to come, [1, T, 151]."""
    path, done = PlantedPath(1, fps=30.0), features[:, :0]
    for start in range(0, features.shape[1], at_once):
        told = features[:, start : start + at_once + AHEAD]
        count = min(at_once, told.shape[1])
        known = start > 0
        if known:  # goes on from where the last frame was put
            shift = done[:, -1:, -3:] - features[:, start - 1 : start, -3:]
            told = torch.cat([told[..., :-3], told[..., -3:] + shift], -1)
            told = torch.cat([done[:, -1:], told], 1)
        led = path.lead(told, known=known)[:, known:]
        path.finish(led, count, known=known)
        done = torch.cat([done, led[:, :count]], 1)
    return done


def as_motion(features: Tensor, like: Motion) -> Motion:
    return Motion.unpack(features[0], fps=like.fps)


def glided(motion: Motion, speed: float) -> Tensor:
    """The same, pushed over the floor, [1, T, 151]."""
    way = torch.arange(len(motion))[:, None] / motion.fps * torch.tensor([speed, 0.0, 0.5 * speed])
    return torch.cat([motion.pack()[:, :-3], motion.root + way], 1)[None]


def test_a_body_that_stands_does_not_slide():
    body = standing(60)
    held = sent_through(glided(body, 0.4))
    way = (held[0, -1] - held[0, 0])[[-3, -1]].norm()
    assert way < 0.1 * 0.4 * 2  # a tenth of what it was pushed
    assert_close(held[0, 0], body.pack()[0])


def walking(seconds: float = 4.0) -> Motion:
    """Stiff legs that swing; one foot stands at a time, and the body goes on over it."""
    time = torch.arange(round(30 * seconds)) / 30
    body, turns = standing(len(time), knee=0.0), torch.zeros(len(time), 24, 3)
    for side, sign in (("left", 1), ("right", -1)):
        turns[:, joint_index(f"{side}_hip"), 0] = sign * 0.4 * torch.sin(2 * torch.pi * time / 1.2)
    body = replace(body, rotations=axis_angle_to_quaternion(turns))
    steps = (body.joints()[:, FEET] - body.root[:, None]).diff(dim=0)[..., 2]
    backwards = torch.cat([steps, steps[-1:]]) < 0
    way = torch.where(backwards[:-1, 2], -steps[:, 2], -steps[:, 3]).cumsum(0)
    path = torch.stack([0 * way, 0 * way, way], -1)
    root = torch.cat([body.root[:1], body.root[:1] + path])
    return replace(body, root=root, contacts=backwards.float())


def test_a_walk_goes_as_far_as_its_feet_say():
    walk = walking()
    short = replace(walk, root=walk.root * torch.tensor([1, 1, 0.5]))
    live = as_motion(sent_through(short.pack()[None]), walk)
    far, told = (float(motion.root[-1, 2] - motion.root[0, 2]) for motion in (walk, live))
    assert far > 2 and abs(told / far - 1) < 0.1
    assert (live.root[:, 2].diff() - walk.root[:, 2].diff()).abs().mean() < 0.01  # metres a frame


def test_looking_a_little_ahead_is_nearly_as_good_as_knowing_all():
    walk = stepping()
    together = as_motion(led_by_feet(walk.pack()[None], fps=30.0), walk)
    live = as_motion(sent_through(walk.pack()[None]), walk)
    assert skate(live, walk.contacts) < 1.2 * skate(together, walk.contacts)


def test_the_pose_and_what_nobody_stands_on_are_left_alone():
    walk = stepping().pack()[None]
    led = sent_through(walk)
    assert_close(led[..., :-3], walk[..., :-3], atol=1e-5, rtol=0)
    assert_close(led[..., -2], walk[..., -2], atol=1e-6, rtol=0)
    flying = unpack_features(walk)._replace(contacts=torch.zeros(1, walk.shape[1], 4)).pack()
    flying[..., -1] += torch.arange(walk.shape[1]) / 10  # 3 m/s, so 12 m
    assert (sent_through(flying) - flying).abs().max() < 0.25


def test_no_step_is_longer_than_before():
    walk = stepping().pack()[None]
    steps = [each[0, :, -3:].diff(dim=0).norm(dim=-1) for each in (walk, sent_through(walk))]
    assert steps[1].diff().abs().max() < 0.02  # metres a frame


def test_frames_that_come_out_together_come_out_the_same():
    walk = stepping(seconds=2.0).pack()[None]
    assert (sent_through(walk, at_once=3) - sent_through(walk)).abs().max() < 0.01


def test_a_turned_window_is_led_like_the_window():
    walk, path, turned = stepping().pack()[None], PlantedPath(1, fps=30.0), PlantedPath(1, fps=30.0)
    place = Place(turn_about_y(torch.tensor([1.0])), torch.zeros(1, 3))
    for each in (path, turned):
        each.finish(each.lead(walk[:, :12], known=False), 10, known=False)
    turned.turn(place.turn)
    plain = path.lead(walk[:, 9:18], known=True)
    assert_close(turned.lead(place.put(walk[:, 9:18]), known=True), place.put(plain), atol=1e-5, rtol=0)

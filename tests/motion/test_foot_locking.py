"""Planted feet are held, everything that does not slide stays as it is."""

import math
from dataclasses import replace

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.foot_locking import ANKLE_HEIGHT, BALL_HEIGHT, lock_features, lock_feet
from vimo_pipeline.motion.foot_path import led_by_feet
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion, quaternion_to_matrix
from vimo_pipeline.motion.skeleton import CONTACT_JOINTS, JOINT_NAMES, joint_index, joint_indices

FEET = joint_indices(CONTACT_JOINTS)
LEGS = [joint_index(f"{side}_{part}") for side in ("left", "right") for part in ("knee", "ankle", "foot")]
ELSEWHERE = [joint for joint in range(len(JOINT_NAMES)) if joint not in LEGS]


def standing(frames: int = 60, *, fps: float = 30.0, knee: float = 0.5) -> Motion:
    """Knees bent, soles flat on the floor, nothing moves."""
    turns = torch.zeros(frames, 24, 3)
    for side in ("left", "right"):
        for part, angle in (("hip", -0.5), ("knee", 1.0), ("ankle", -0.5)):
            turns[:, joint_index(f"{side}_{part}"), 0] = angle * 2 * knee
    rotations = axis_angle_to_quaternion(turns)
    feet = forward_kinematics(quaternion_to_matrix(rotations[:1]), torch.zeros(1, 3))[0, FEET, 1]
    height = (torch.tensor([ANKLE_HEIGHT] * 2 + [BALL_HEIGHT] * 2) - feet).max()
    root = torch.tensor([0.3, 0, -0.7]) + height * torch.tensor([0.0, 1, 0])
    return Motion(rotations, root.expand(frames, 3), torch.ones(frames, 4), fps)


def stepping(*, fps: float = 30.0, seconds: float = 4.0) -> Motion:
    """A walk on the spot that slides: legs swing, the hips glide evenly. Which foot stands is known."""
    frames = round(fps * seconds)
    time = torch.arange(frames) / fps
    still = standing(frames, fps=fps)
    turns = torch.zeros(frames, 24, 3)
    contacts = torch.zeros(frames, 4)
    for at, (side, phase) in enumerate((("left", 0.0), ("right", math.pi))):
        lift = torch.sin(2 * math.pi * time / 1.2 + phase).clamp(min=0).square()
        for part, angle in (("hip", -0.5), ("knee", 1.0), ("ankle", -0.5)):
            turns[:, joint_index(f"{side}_{part}"), 0] = angle * (1 + lift)
        contacts[:, [at, at + 2]] = (lift < 0.02).float()[:, None]
    glide = torch.stack([0.1 * torch.sin(2 * time), 0 * time, 0.3 * time], -1)
    return replace(
        still, rotations=axis_angle_to_quaternion(turns), root=still.root + glide, contacts=contacts
    )


def skate(motion: Motion, contacts: torch.Tensor) -> float:
    """Mean speed over the floor of feet with contact, m/s."""
    speed = (motion.joints()[:, FEET].diff(dim=0)[..., [0, 2]] * motion.fps).norm(dim=-1)
    return float(speed[contacts[:-1] > 0.5].mean())


def moved(one: Motion, other: Motion) -> float:
    """The furthest that any joint is from where it was, metres."""
    return float((one.joints() - other.joints()).norm(dim=-1).max())


@pytest.mark.parametrize("frames", [1, 2, 3, 60])
def test_who_stands_still_goes_on_standing(frames):
    assert moved(lock_feet(standing(frames)), standing(frames)) < 1e-3


def test_feet_that_do_not_slide_stay_while_the_body_moves():
    motion = standing()
    bob = 0.05 * torch.sin(torch.arange(60) / 5) - 0.05
    crouching = lock_feet(replace(motion, root=motion.root + bob[:, None] * torch.tensor([0.0, 1, 0])))
    assert moved(crouching, motion) > 0.04
    assert moved(lock_feet(crouching), crouching) < 1e-3


def test_without_contacts_nothing_changes():
    motion = replace(stepping(), contacts=torch.zeros(len(stepping()), 4))
    locked = lock_feet(motion)
    assert torch.equal(locked.rotations, motion.rotations)
    assert torch.equal(locked.root, motion.root)
    assert torch.equal(locked.contacts, motion.contacts)


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0, 120.0])
def test_a_walk_that_slides_stops_sliding_at_any_rate(fps):
    motion = stepping(fps=fps)
    locked = lock_feet(motion)
    assert skate(locked, motion.contacts) < 0.2 * skate(motion, motion.contacts)
    assert skate(locked, locked.contacts) < 0.02


def test_a_path_that_is_to_stay_stays():
    before = stepping()
    after = lock_feet(before, follow_feet=False)
    torch.testing.assert_close(after.root[:, [0, 2]], before.root[:, [0, 2]])
    assert not torch.equal(after.rotations, before.rotations)


def test_around_the_pelvis_only_knees_and_feet_move():
    before, after = stepping(), lock_feet(stepping())
    relative = [each.joints() - each.root[:, None] for each in (before, after)]
    torch.testing.assert_close(relative[0][:, ELSEWHERE], relative[1][:, ELSEWHERE], atol=1e-5, rtol=0)


def test_feet_move_without_jumps():
    feet = lock_feet(stepping()).joints()[:, FEET]
    assert feet.diff(dim=0).norm(dim=-1).max() * 30 < 4  # m/s
    assert feet.diff(n=2, dim=0).norm(dim=-1).max() * 900 < 60  # m/s²; a foot that is put down has 30


def test_nearly_straight_knees_over_held_feet_do_not_jump():
    """Hips rise and fall by two centimetres twice a second; uncalmed, knees jump five times as much."""
    bob = 0.02 * torch.sin(4 * math.pi * torch.arange(60) / 30) - 0.02
    before = standing(knee=0.15)
    before = replace(before, root=before.root + bob[:, None] * torch.tensor([0.0, 1, 0]))
    knees = joint_indices(("left_knee", "right_knee"))
    was, now = (
        each.joints()[:, knees].diff(n=3, dim=0).norm(dim=-1).mean() for each in (before, lock_feet(before))
    )
    assert now < 2 * was


def test_moving_and_turning_the_world_commutes():
    motion = stepping()
    there = replace(motion, root=motion.root + torch.tensor([3.0, 0, -2])).turn(1.1)
    back = lock_feet(there).turn(-1.1)
    back = replace(back, root=back.root - torch.tensor([3.0, 0, -2]))
    assert moved(back, lock_feet(motion)) < 1e-3


def test_a_mirror_commutes_as_far_as_the_skeleton_is_alike_on_both_sides():
    one, other = lock_feet(stepping().mirror()), lock_feet(stepping()).mirror()
    assert torch.equal(one.contacts, other.contacts)
    assert moved(one, other) < 0.01


def test_feet_under_the_floor_come_up():
    deep = replace(standing(), root=standing().root - torch.tensor([0, 0.06, 0]))
    for motion in (deep, replace(deep, contacts=torch.zeros(60, 4))):
        feet = lock_feet(motion).joints()[:, FEET, 1]
        assert (feet > torch.tensor([ANKLE_HEIGHT] * 2 + [BALL_HEIGHT] * 2) - 0.0055).all()


def test_a_wrong_contact_does_not_drag_a_foot_along():
    fast = standing()
    root = fast.root + torch.arange(60)[:, None] / 30 * torch.tensor([0.0, 0, 5])
    fast = replace(fast, root=root)  # every foot "stands" at 5 m/s
    assert moved(lock_feet(fast), fast) < 1e-6


def test_feet_out_of_reach_stay_finite_and_near():
    motion = standing(knee=0.02)  # legs nearly straight
    lifted = motion.root + torch.linspace(0, 0.15, 60)[:, None] * torch.tensor([0.0, 1, 0])
    locked = lock_feet(replace(motion, root=lifted))  # jumping, labelled as standing
    assert locked.rotations.isfinite().all()
    assert locked.joints().diff(n=2, dim=0).norm(dim=-1).max() * 900 < 60


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_numbers_keep_their_type(dtype):
    motion = stepping()
    motion = Motion(*(each.to(dtype) for each in (motion.rotations, motion.root, motion.contacts)))
    locked = lock_feet(motion)
    assert {locked.rotations.dtype, locked.root.dtype, locked.contacts.dtype} == {dtype}


def test_features_are_locked_one_by_one():
    features = torch.stack([stepping().pack(), stepping().mirror().pack()])
    locked = lock_features(features, fps=30.0)
    torch.testing.assert_close(locked[1], lock_feet(stepping().mirror()).pack(), atol=1e-4, rtol=0)


def test_a_body_that_hovers_comes_down_and_one_on_a_table_stays():
    for height, left in ((0.04, 0.0), (0.5, 0.5)):
        hovering = replace(standing(), root=standing().root + torch.tensor([0, height, 0]))
        wanted = replace(standing(), root=standing().root + torch.tensor([0, left, 0]))
        assert moved(lock_feet(hovering), wanted) < 1e-3


def test_a_path_that_follows_its_feet_leaves_the_pose_alone():
    sliding = stepping()
    still = unpack_features(led_by_feet(sliding.pack()[None], fps=30.0)[0])
    torch.testing.assert_close(still.rotations, sliding.matrices(), atol=1e-5, rtol=0)
    assert torch.equal(still.contacts, sliding.contacts)
    followed = replace(sliding, root=still.root)
    assert skate(followed, sliding.contacts) < 0.5 * skate(sliding, sliding.contacts)


def test_held_level_feet_stop_sliding_at_the_heights_they_had():
    walk = stepping()
    held, pinned = (lock_feet(walk, follow_feet=False, level=level) for level in (True, False))
    assert skate(held, walk.contacts) < 1.05 * skate(pinned, walk.contacts) < 0.6 * skate(walk, walk.contacts)
    rises = (held.joints() - walk.joints())[:, FEET, 1][walk.contacts > 0.5].abs()
    assert rises.mean() < 0.002

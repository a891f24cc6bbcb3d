"""Manual features: bodies of which the statements are known to hold or not."""

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.metrics.distribution import joints_at_60, manual_features
from vimo_pipeline.metrics.distribution.manual import RULES
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index

NAMES = [rule.name for rule in RULES]
ARMS_UP = {
    f"{side} {rest}" for side in ("right", "left") for rest in ("hand above neck", "arm off the trunk")
}


def holding(joints: torch.Tensor) -> set[str]:
    """Names of what holds in all frames; nothing may hold in some only."""
    shares = manual_features(joints, fps=60)
    assert set(shares.tolist()) <= {0.0, 1.0}
    return {name for name, share in zip(NAMES, shares, strict=True) if share}


def posed(**turns: tuple[float, float, float]) -> torch.Tensor:
    """Joints of a statue with some joints turned, axis-angle in degrees."""
    pose = torch.zeros(12, 24, 3, dtype=torch.float64)
    for joint, turn in turns.items():
        pose[:, joint_index(joint)] = torch.tensor(turn, dtype=torch.float64).deg2rad()
    root = torch.zeros(12, 3, dtype=torch.float64)
    return joints_at_60(Motion.from_rotations(axis_angle_to_quaternion(pose), root, fps=60.0))


def moving(joint: str, velocity: tuple[float, float, float]) -> torch.Tensor:
    """The body at rest with one joint that moves at a velocity, m/s."""
    joints = posed().clone()
    time = torch.arange(len(joints), dtype=torch.float64)[:, None] / 60
    joints[:, joint_index(joint)] += time * torch.tensor(velocity, dtype=torch.float64)
    return joints


# The plane of the right leg leans at rest, its toes being in front of the pelvis: see the note on RULES.
STANDS = {"left foot behind"}
ARMS_OUT = {"right arm off the trunk", "left arm off the trunk", "hands apart"}
HANDS_LOW = {"right hand low", "left hand low"}

POSES = {
    "T-pose": ({}, STANDS | ARMS_OUT),
    "arms down": ({"left_shoulder": (0, 0, -75), "right_shoulder": (0, 0, 75)}, STANDS),
    "arms up": ({"left_shoulder": (0, 0, 70), "right_shoulder": (0, 0, -70)}, STANDS | ARMS_UP),
    "left elbow bent": ({"left_elbow": (0, -120, 0)}, STANDS | ARMS_OUT | {"left elbow bent"}),
    "right shin up": ({"right_knee": (120, 0, 0)}, ARMS_OUT | {"right knee bent", "right foot raised"}),
    "face down": ({"pelvis": (90, 0, 0)}, STANDS | ARMS_OUT | HANDS_LOW | {"trunk lies"}),
    "legs apart": (
        {"left_hip": (0, 0, 35), "right_hip": (0, 0, -35)},
        STANDS | ARMS_OUT | {"feet apart"},
    ),
    "right kick": (
        {"right_hip": (-80, 0, 0)},
        STANDS | ARMS_OUT | {"right foot in front", "right foot raised", "right thigh off the trunk"},
    ),
    "left kick": ({"left_hip": (-80, 0, 0)}, ARMS_OUT | {"left foot raised", "left thigh off the trunk"}),
}


@pytest.mark.parametrize("name", POSES)
def test_statues(name):
    turns, expected = POSES[name]
    assert holding(posed(**turns)) == expected


# Joint, direction and the speed above which it holds, in lengths of the upper arm a published second.
SPEEDS = {
    "right hand moves back": ("right_wrist", (0, 0, -1), 1.8),
    "left hand moves forward": ("left_wrist", (0, 0, 1), 1.8),
    "hands part": ("right_wrist", (-1, 0, 0), 1.4),
    "chest rises": ("spine3", (0, 1, 0), 1.8),
    "chest rises, again": ("spine3", (0, 1, 0), 1.8),
    "right hand fast": ("right_wrist", (1, 0, 0), 2.5),
    "left hand fast": ("left_wrist", (0, 1, 0), 2.5),
    "right foot fast": ("right_ankle", (0, 0, 1), 2.5),
    "left foot fast": ("left_ankle", (0, 0, -1), 2.5),
    "pelvis fast": ("pelvis", (0, 1, 0), 2.3),
}


@pytest.mark.parametrize("name", SPEEDS)
def test_speeds_have_limits(name):
    joint, direction, limit = SPEEDS[name]
    limit = limit * 0.2568 / 2  # m/s: the published second has 120 frames, ours 60
    for factor, expected in ((0.9, 0), (1.15, 1)):
        velocity = tuple(factor * limit * part for part in direction)
        assert manual_features(moving(joint, velocity), fps=60)[NAMES.index(name)] == expected


def test_a_share_is_of_all_frames_but_the_first():
    joints = posed()[:11].clone()
    joints[4:, joint_index("right_wrist"), 0] += 1.0  # one leap, between two of eleven frames
    assert manual_features(joints, fps=60)[NAMES.index("right hand fast")] == pytest.approx(0.1)


def test_there_are_32_and_the_chest_counts_twice(dance):
    shares = torch.stack([manual_features(joints_at_60(dance(seed)), fps=60) for seed in range(4)])
    assert shares.shape == (4, 32) and len(set(NAMES)) == 32
    chest = NAMES.index("chest rises")
    assert_close(shares[:, chest], shares[:, chest + 1])


def test_moving_and_turning_the_world_changes_nothing(dance):
    joints = joints_at_60(dance(0))
    moved = joints + torch.tensor([3.0, -1.0, 8.0])
    turned = joints_at_60(dance(0).turn(2.0))
    for there in (moved, turned):
        assert_close(manual_features(there, fps=60), manual_features(joints, fps=60), atol=1e-9, rtol=0)


def test_a_mirrored_dance_has_left_and_right_exchanged_but_for_the_published_oddities(dance):
    odd = {"right hand moves back", "left hand moves forward", "right foot in front", "left foot behind"}
    swap = {"right": "left", "left": "right"}
    shares, mirrored = (
        dict(zip(NAMES, manual_features(joints_at_60(clip), fps=60).tolist(), strict=True))
        for clip in (dance(0), dance(0).mirror())
    )
    for name in set(NAMES) - odd:
        side, space, rest = name.partition(" ")
        other = swap.get(side, side) + space + rest
        assert mirrored[other] == pytest.approx(shares[name], abs=0.05), (
            name
        )  # our rest body is not symmetric


def test_joints_on_one_point_have_no_directions():
    assert holding(torch.zeros(10, 24, 3)) == {"right hand low", "left hand low"}


# (seed, size) of a dance: in how many of 88 frames each holds by the loops of aistplusplus_api.
KNOWN = {
    (0, 1.0): (
        34, 42, 44, 49, 0, 0, 0, 0, 35, 49, 58, 40, 88, 88, 40, 52,
        0, 42, 43, 0, 0, 88, 88, 77, 88, 5, 42, 14, 9, 8, 5, 88,
    ),
    (1, 1.0): (
        42, 43, 25, 30, 0, 0, 0, 0, 71, 71, 48, 58, 88, 88, 54, 65,
        0, 0, 49, 0, 0, 88, 88, 88, 77, 38, 12, 55, 0, 0, 0, 88,
    ),
    (2, 3.0): (
        45, 37, 20, 32, 43, 43, 65, 58, 0, 62, 40, 56, 88, 88, 55, 33,
        51, 70, 44, 0, 58, 88, 88, 85, 86, 76, 50, 14, 24, 54, 46, 88,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("seed", "size"), KNOWN)
def test_known_values(dance, seed, size):
    counts = manual_features(joints_at_60(dance(seed, size=size)), fps=60) * 88
    assert_close(counts, torch.tensor(KNOWN[seed, size]).double(), atol=1e-6, rtol=0)

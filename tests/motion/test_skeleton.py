"""Names, parents and offsets of the SMPL-24 skeleton."""

import pytest
import torch

from vimo_pipeline.motion import JOINT_NAMES, PARENTS
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import (
    NUM_JOINTS,
    joint_index,
    joint_indices,
    mirror_permutation,
    rest_offsets,
)


def test_every_parent_comes_before_its_children():
    assert PARENTS[0] == -1
    assert all(0 <= parent < joint for joint, parent in list(enumerate(PARENTS))[1:])


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("left_knee", "left_hip"),
        ("right_foot", "right_ankle"),
        ("neck", "spine3"),
        ("head", "neck"),
        ("left_collar", "spine3"),
        ("right_hand", "right_wrist"),
    ],
)
def test_parents_by_name(child, parent):
    assert JOINT_NAMES[PARENTS[joint_index(child)]] == parent


def test_rest_pose_stands_upright_faces_z_and_spreads_its_arms():
    rest = forward_kinematics(torch.eye(3).expand(NUM_JOINTS, 3, 3), torch.zeros(3))
    at = {name: rest[joint] for joint, name in enumerate(JOINT_NAMES)}
    assert at["head"][1] > at["neck"][1] > at["pelvis"][1] > at["left_knee"][1] > at["left_foot"][1]
    assert at["left_foot"][2] > at["left_ankle"][2] + 0.1  # toes point along +z
    assert at["left_hand"][0] > 0.7  # left is +x for a body that faces +z
    assert at["right_hand"][0] < -0.7
    assert 1.4 < at["head"][1] - at["left_foot"][1] < 1.7  # joints of an adult, in metres


def test_left_and_right_bones_are_alike():
    offsets = rest_offsets()
    mirrored = offsets[mirror_permutation()] * torch.tensor([-1.0, 1.0, 1.0])
    assert (offsets - mirrored).norm(dim=-1).max() < 0.03
    assert (offsets.norm(dim=-1) - mirrored.norm(dim=-1)).abs().max() < 0.015


def test_mirror_permutation_is_its_own_inverse_and_follows_names():
    swap = mirror_permutation()
    assert [swap[joint] for joint in swap] == list(range(NUM_JOINTS))
    assert swap[joint_index("left_wrist")] == joint_index("right_wrist")
    assert swap[joint_index("spine2")] == joint_index("spine2")


def test_mirror_permutation_keeps_the_tree():
    swap = mirror_permutation()
    assert all(swap[PARENTS[joint]] == PARENTS[swap[joint]] for joint in range(1, NUM_JOINTS))


def test_joints_are_found_by_name():
    assert joint_indices(("pelvis", "right_hand")) == [0, 23]
    with pytest.raises(ValueError, match=r"unknown joint 'tail'.*left_hip"):
        joint_index("tail")


def test_offsets_follow_the_dtype():
    assert rest_offsets(like=torch.zeros(1, dtype=torch.float64)).dtype == torch.float64

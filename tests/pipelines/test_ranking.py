"""Hypotheses in order of what was seen, and where they disagree."""

import torch
from torch import Tensor

from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, turn_about_y
from vimo_pipeline.motion.skeleton import joint_index
from vimo_pipeline.pipelines.following.guidance import Sight
from vimo_pipeline.pipelines.ranking import joint_spread, rank, reprojection_error

from .filmed import FRAMES, a_motion, filmed, turned_joint


def worse_and_worse() -> tuple[Tensor, Sight]:
    """Three hypotheses, the last of which is the truth, [3, 1, T, 151]."""
    truth = a_motion(0)
    hypotheses = torch.cat([turned_joint(truth, "left_knee", angle) for angle in (0.9, 0.3, 0.0)])
    return hypotheses[:, None], filmed(truth)


def test_the_best_comes_first():
    order, errors = rank(*worse_and_worse(), likeliest_first=False)
    assert order.tolist() == [2, 1, 0]
    assert errors[0] < 0.01 and (errors.diff() > 0.005).all()


def test_the_likeliest_stays_in_front_of_the_ranked():
    order, errors = rank(*worse_and_worse(), likeliest_first=True)
    assert order.tolist() == [0, 2, 1]
    assert errors[1] < errors[2] < errors[0]


def test_equal_hypotheses_keep_their_order():
    hypotheses, sight = worse_and_worse()
    assert rank(hypotheses[[1, 1, 1]], sight, likeliest_first=False)[0].tolist() == [0, 1, 2]


def test_hidden_limbs_are_not_held_against_a_hypothesis():
    hypotheses, sight = worse_and_worse()
    shown = reprojection_error(hypotheses, sight)
    sight.keypoints[..., [15], 2] = 0  # left ankle, all that the knee moves
    assert (reprojection_error(hypotheses, sight)[:2] < 0.8 * shown[:2]).all()


def test_nothing_seen_gives_no_error():
    hypotheses, sight = worse_and_worse()
    sight.keypoints[..., 2] = 0
    assert torch.equal(reprojection_error(hypotheses, sight), torch.zeros(3))


def test_spread_is_where_hypotheses_differ():
    truth = a_motion(0)
    pair = torch.cat([truth, turned_joint(truth, "left_knee", 0.5)])
    spread = joint_spread(pair)
    moved = [joint_index("left_ankle"), joint_index("left_foot")]
    assert spread.shape == (FRAMES, 24) and spread[:, moved].min() > 0.05
    rest = [joint for joint in range(24) if joint not in moved]
    assert spread[:, rest].max() < 0.03  # what turning the bodies onto one another leaves


def test_spread_of_one_joint_by_hand():
    """Two places of a foot, one as far up as the other is down, lie one deviation from the middle."""
    straight = MotionFeatures(
        torch.eye(3).expand(1, 2, 24, 3, 3), torch.zeros(1, 2, 4), torch.zeros(1, 2, 3)
    ).pack()
    pair = torch.cat([turned_joint(straight, "left_ankle", angle, axis=0) for angle in (0.3, -0.3)])
    spread = joint_spread(pair)[:, joint_index("left_foot")]
    below = (0.06028581**2 + 0.12204243**2) ** 0.5  # metres from the axis through the ankle
    expected = below * torch.sin(torch.tensor(0.3))
    torch.testing.assert_close(spread, expected.expand(2), atol=1e-3, rtol=0)


def test_spread_is_blind_to_where_a_whole_hypothesis_stands_and_faces():
    truth = unpack_features(a_motion(0))
    turn = turn_about_y(torch.tensor(1.2))
    rotations = truth.rotations.clone()
    rotations[..., 0, :, :] = turn @ rotations[..., 0, :, :]
    other = truth._replace(rotations=rotations, root=truth.root @ turn.mT + 2.0).pack()
    assert joint_spread(torch.cat([truth.pack(), other])).max() < 1e-3
    bent = rotations.clone()
    bent[..., 4, :, :] = axis_angle_to_matrix(torch.tensor([1.0, 0.0, 0.0]))
    assert joint_spread(torch.cat([truth.pack(), truth._replace(rotations=bent).pack()])).max() > 0.02

"""Following the encoder's estimate: exact where it is exact, idle where nothing was seen."""

import math

import pytest
import torch

from vimo_pipeline.metrics import pa_mpjpe
from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, turn_about_y
from vimo_pipeline.motion.skeleton import joint_indices
from vimo_pipeline.pipelines.following.lift_guidance import follow_lift

FRAMES = 20
CAMERA = axis_angle_to_matrix(torch.tensor([0.2, 2.0, -0.1]))
TURN = CAMERA.expand(1, FRAMES, 3, 3)


def motion(seed: int) -> torch.Tensor:
    """A body that moves slowly, [1, T, 151]."""
    swing = 0.5 * torch.randn(1, 1, 24, 3, generator=torch.Generator().manual_seed(seed))
    time = torch.linspace(0, 0.3, FRAMES)[None, :, None, None]
    rotations = axis_angle_to_matrix(swing * torch.cos(time))
    return MotionFeatures(rotations, torch.zeros(1, FRAMES, 4), torch.zeros(1, FRAMES, 3)).pack()


def joints(features: torch.Tensor) -> torch.Tensor:
    unpacked = unpack_features(features)
    return forward_kinematics(unpacked.rotations, unpacked.root)


def seen() -> torch.Tensor:
    return torch.ones(1, FRAMES, 17)


def test_its_own_joints_change_nothing():
    features = motion(0)
    camera_joints = joints(features) @ CAMERA.T
    followed = follow_lift(features, camera_joints, seen(), turn=TURN, strength=1.0)
    torch.testing.assert_close(joints(followed), joints(features), atol=5e-3, rtol=0)


def test_another_pose_is_reached():
    wanted = joints(motion(1))
    followed = follow_lift(motion(0), wanted @ CAMERA.T, seen(), turn=TURN, strength=1.0)
    assert pa_mpjpe(joints(motion(0)), wanted).mean() > 0.08
    assert pa_mpjpe(joints(followed), wanted).mean() < 0.012


def test_half_the_strength_goes_part_of_the_way():
    wanted = joints(motion(1))
    errors = [
        pa_mpjpe(
            joints(follow_lift(motion(0), wanted @ CAMERA.T, seen(), turn=TURN, strength=strength)), wanted
        ).mean()
        for strength in (0.0, 0.5, 1.0)
    ]
    assert errors[0] > errors[1] > errors[2]


def test_an_arm_that_was_not_seen_stays_as_imagined():
    confidence = seen()
    confidence[..., [7, 9]] = 0  # left elbow and wrist
    followed = unpack_features(
        follow_lift(motion(0), joints(motion(1)) @ CAMERA.T, confidence, turn=TURN, strength=1.0)
    ).rotations
    imagined = unpack_features(motion(0)).rotations
    hidden = joint_indices(("left_shoulder", "left_elbow", "left_wrist"))
    torch.testing.assert_close(followed[:, :, hidden], imagined[:, :, hidden], atol=1e-4, rtol=0)
    other = joint_indices(("right_shoulder",))
    assert not torch.allclose(followed[:, :, other], imagined[:, :, other], atol=0.05)


def test_root_and_contacts_are_none_of_its_business():
    features = motion(0)
    features[..., -7:] = torch.randn(1, FRAMES, 7, generator=torch.Generator().manual_seed(0))
    followed = follow_lift(features, joints(motion(1)) @ CAMERA.T, seen(), turn=TURN, strength=1.0)
    torch.testing.assert_close(followed[..., -7:], features[..., -7:])


@pytest.mark.parametrize(("degrees", "least", "most"), [(2, 0.0, 0.1), (60, 0.9, 1.0)])
def test_what_may_be_an_error_of_the_estimate_is_hardly_followed(degrees, least, most):
    bent = unpack_features(motion(0)).rotations.clone()
    elbow = joint_indices(("left_elbow",))
    bent[:, :, elbow] = bent[:, :, elbow] @ turn_about_y(torch.tensor(math.radians(degrees)))
    wanted = unpack_features(motion(0))._replace(rotations=bent).pack()
    followed = follow_lift(motion(0), joints(wanted) @ CAMERA.T, seen(), turn=TURN, strength=1.0)
    hand = joint_indices(("left_wrist",))
    gone, whole = (
        (joints(each) - joints(motion(0)))[:, 5:-5, hand].norm(dim=-1).mean() for each in (followed, wanted)
    )
    assert least <= gone / whole <= most

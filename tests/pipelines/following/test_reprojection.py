"""Moving a motion to its keypoints: downhill, smooth, and idle where nothing was seen."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.keypoints import load_keypoints
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.kinematics import forward_kinematics, joint_transforms
from vimo_pipeline.motion.rotations import axis_angle_to_matrix
from vimo_pipeline.motion.skeleton import joint_index, joint_indices
from vimo_pipeline.pipelines.following import reprojection
from vimo_pipeline.pipelines.following.guidance import Sight, follow
from vimo_pipeline.pipelines.following.reprojection import follow_picture
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS

from ..filmed import CAMERA, FRAMES, a_motion, filmed, turned_joint

EXAMPLE = Path(__file__).parents[3] / "examples" / "example_truth.npz"
TURN = CAMERA.expand(1, FRAMES, 3, 3)


def moved(features: Tensor, sight: Sight, strength: float = 1.0) -> Tensor:
    return follow_picture(features, sight.keypoints, sight.shots, turn=TURN, strength=strength)


def error(features: Tensor, sight: Sight) -> float:
    """Mean distance from the keypoints under the true camera, metres."""
    motion = unpack_features(features)
    transforms = joint_transforms(motion.rotations, torch.zeros_like(motion.root))
    return float(reprojection._error(*transforms, sight.keypoints, sight.shots, TURN)[0].norm(dim=-1).mean())


def joints(features: Tensor) -> Tensor:
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, torch.zeros_like(motion.root))


def noise(*shape: int) -> Tensor:
    return torch.randn(1, FRAMES, *shape, generator=torch.Generator().manual_seed(0))


def jitter(features: Tensor) -> float:
    return float(joints(features).diff(n=3, dim=1).norm(dim=-1).mean())


def test_step_by_step_the_picture_is_reached():
    features, sight = turned_joint(a_motion(0), "left_elbow", 0.6), filmed(a_motion(0))
    errors = [error(features, sight)]
    for _ in range(8):
        features = moved(features, sight)
        errors.append(error(features, sight))
    assert all(after < before for before, after in pairwise(errors))
    assert errors[-1] < 0.25 * errors[0]


def test_a_motion_that_explains_the_picture_stays():
    truth = a_motion(0)
    torch.testing.assert_close(joints(moved(truth, filmed(truth))), joints(truth), atol=2e-3, rtol=0)


def test_strength_is_the_share_of_a_step():
    features, sight = turned_joint(a_motion(0), "left_elbow", 0.4), filmed(a_motion(0))
    none, half, whole = (moved(features, sight, strength) for strength in (0.0, 0.5, 1.0))
    torch.testing.assert_close(joints(none), joints(features), atol=1e-5, rtol=0)
    assert error(whole, sight) < error(half, sight) < error(none, sight)


def test_off_means_untouched():
    features = torch.randn(2, 1, FRAMES, 151, generator=torch.Generator().manual_seed(0))
    assert follow(features, filmed(a_motion(0)), lift_strength=0, reprojection_strength=0) is features


def test_an_arm_that_was_not_seen_stays_as_imagined():
    features, sight = a_motion(1), filmed(a_motion(0))
    sight.keypoints[..., [7, 9], 2] = 0  # left elbow and wrist
    sight.keypoints[..., [7, 9], :2] = 9.0
    before, after = (unpack_features(each).rotations for each in (features, moved(features, sight)))
    hidden, shown = (
        joint_indices(("left_shoulder", "left_elbow", "left_wrist")),
        joint_index("right_shoulder"),
    )
    torch.testing.assert_close(after[:, :, hidden], before[:, :, hidden], atol=1e-5, rtol=0)
    assert not torch.allclose(after[:, :, shown], before[:, :, shown])


def test_path_and_contacts_are_none_of_its_business():
    features, sight = a_motion(1), filmed(a_motion(0))
    features[..., -7:] = torch.randn(1, FRAMES, 7, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(moved(features, sight)[..., -7:], features[..., -7:])


@pytest.mark.parametrize("name", ["pelvis", "left_hip", "spine2", "right_shoulder", "head"])
def test_slopes_agree_with_small_turns(name):
    """The slow twin: turn one joint about the world's axes by a hair and look where the points go."""
    motion = unpack_features(a_motion(0))
    sight, step = filmed(a_motion(0)), 1e-2
    slopes, freedom = _slopes_of(motion), reprojection._FREEDOM[joint_index(name)]
    for axis in range(3):
        turns = torch.zeros(1, FRAMES, 24, 3)
        turns[..., joint_index(name), axis] = step
        orientations, _ = joint_transforms(motion.rotations, motion.root)
        ahead, behind = (
            _flat(reprojection._turned(motion.rotations, orientations, sign * turns)) for sign in (1, -1)
        )
        expected = freedom * (ahead - behind) / (2 * step)
        torch.testing.assert_close(slopes[..., joint_index(name), axis], expected, atol=1e-3, rtol=1e-3)
    assert sight.keypoints.isfinite().all()


def _slopes_of(motion) -> Tensor:
    orientations, positions = joint_transforms(motion.rotations, motion.root)
    points = reprojection.coco_from_joints(orientations, positions)
    return reprojection._slopes(points, positions, TURN)


def _flat(rotations: Tensor) -> Tensor:
    points = reprojection.coco_from_joints(*joint_transforms(rotations, torch.zeros(1, FRAMES, 3)))
    return (points @ CAMERA.T)[..., :2]


def test_trembling_keypoints_do_not_make_the_motion_tremble():
    truth = a_motion(0)
    sight = filmed(truth)
    sight.keypoints[..., :2] += 0.04 * noise(17, 2)
    motion = unpack_features(truth)
    trembling = motion._replace(rotations=motion.rotations @ axis_angle_to_matrix(0.02 * noise(24, 3))).pack()
    assert jitter(moved(trembling, sight)) < 1.05 * jitter(trembling)


def test_a_cut_separates_what_was_seen_before_from_what_comes_after():
    features, sight = a_motion(1), filmed(a_motion(0))
    cut = (torch.arange(FRAMES) >= 10).long()[None]
    larger = sight.keypoints.clone()
    larger[:, 10:, :, :2] *= 2
    for shots, alike in ((cut, True), (sight.shots, False)):
        before = (
            moved(features, Sight(keypoints, sight.camera_joints, shots))[:, :10]
            for keypoints in (sight.keypoints, larger)
        )
        assert torch.allclose(*before, atol=1e-5) == alike


@pytest.mark.skipif(not BUNDLED_WEIGHTS.is_dir(), reason="the bundled weights are not here")
def test_with_the_bundled_weights_it_comes_nearer_to_the_picture_and_adds_no_jitter():
    pipe = ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    truth = load_keypoints(EXAMPLE)
    points = truth.points[:90].copy()
    points[..., :2] += np.random.default_rng(0).normal(size=(90, 17, 2)) * 3  # pixels
    seen = Keypoints(points, truth.fps, truth.width, truth.height)
    options = {"keypoints": seen, "smoothing": 0}  # guidance alone, before anything is calmed
    off, on = (
        pipe(reprojection_strength=strength, generator=torch.Generator().manual_seed(0), **options)
        for strength in (0.0, 1.0)
    )
    assert on.scores[0] < 0.95 * off.scores[0]  # most of the way is in the model and the lift already
    assert jitter(on.motions[0].pack()[None]) < 1.05 * jitter(off.motions[0].pack()[None])

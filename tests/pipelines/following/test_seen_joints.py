"""The encoder's estimate, averaged with its mirror image and pinned to the picture."""

import pytest
import torch

from vimo_pipeline.keypoints.keypoints import COCO_NAMES, MIRRORED
from vimo_pipeline.motion.skeleton import joint_indices, mirror_permutation
from vimo_pipeline.pipelines.following.seen_joints import estimate_joints, mirror, pin_to_picture, smooth

from ..conftest import tiny_pipeline
from .test_lift_guidance import CAMERA, FRAMES, joints, motion


@pytest.mark.parametrize("frames", [1, 3, 40])
def test_smoothing_keeps_what_is_constant_and_straight(frames):
    constant = torch.full((1, frames, 2), 3.0)
    torch.testing.assert_close(smooth(constant), constant)
    if frames > 10:
        line = torch.arange(frames).float()[None, :, None]
        torch.testing.assert_close(smooth(line)[:, 5:-5], line[:, 5:-5], atol=1e-4, rtol=0)


def test_the_estimate_of_a_mirror_image_is_the_mirror_image():
    torch.manual_seed(0)
    transformer = tiny_pipeline().transformer
    keypoints = torch.rand(2, 10, 17, 3, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        plain = estimate_joints(transformer, keypoints)
        flipped = estimate_joints(transformer, mirror(keypoints, MIRRORED))
    torch.testing.assert_close(mirror(flipped, mirror_permutation()), plain, atol=1e-5, rtol=0)


def test_limbs_are_put_where_the_picture_has_them_and_depth_stays():
    camera_joints = joints(motion(0)) @ CAMERA.T
    wanted = camera_joints.clone()
    elbow, wrist, hand = joint_indices(("left_elbow", "left_wrist", "left_hand"))
    wanted[..., [elbow, wrist, hand], 1] += 0.2
    keypoints = torch.zeros(1, FRAMES, 17, 3)
    for index, name in enumerate(COCO_NAMES[5:], 5):
        keypoints[..., index, :2] = 1.7 * wanted[..., joint_indices((name,))[0], :2] + 0.3
        keypoints[..., index, 2] = 1.0
    pinned = pin_to_picture(camera_joints, keypoints)
    assert (pinned - wanted)[..., wrist, :2].norm(dim=-1).max() < 0.12  # the fit gives way a little
    assert (camera_joints - wanted)[..., wrist, :2].norm(dim=-1).min() > 0.19
    assert torch.equal(pinned[..., 2], camera_joints[..., 2])
    keypoints[..., 2] = 0
    torch.testing.assert_close(pin_to_picture(camera_joints, keypoints), camera_joints)

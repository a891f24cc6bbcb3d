"""The encoder's estimate, averaged with that of the mirror image."""

import pytest
import torch

from vimo_pipeline.keypoints.keypoints import MIRRORED
from vimo_pipeline.motion.skeleton import mirror_permutation
from vimo_pipeline.pipelines.following.seen_joints import estimate_joints, mirror, smooth

from ..conftest import tiny_pipeline


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

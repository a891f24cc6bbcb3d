"""Hypotheses of a gap differ in their paths, slowly, and less in their poses."""

import torch
from torch.testing import assert_close

from vimo_pipeline.pipelines.completing.variety import varied

NOISE = torch.randn(64, 300, 151, generator=torch.Generator().manual_seed(0))


def test_the_likeliest_stays_the_likeliest_and_temperature_scales_the_rest():
    assert (varied(torch.zeros(1, 90, 151), 1.0) == 0).all() and (varied(NOISE, 0.0) == 0).all()
    assert_close(varied(NOISE, 2.0), 2 * varied(NOISE, 1.0))


def test_paths_differ_more_than_poses_and_slowly():
    poses, paths = varied(NOISE, 1.0)[:, 60:-60].split([148, 3], -1)  # away from the ends
    assert_close(poses.std(), torch.tensor(0.5), atol=0.01, rtol=0)
    assert_close(paths.std(), torch.tensor(0.6), atol=0.06, rtol=0)
    assert paths.diff(dim=1).std() < 0.06 * paths.std() and poses.diff(dim=1).std() > poses.std()


def test_hypotheses_are_drawn_by_themselves():
    assert_close(varied(NOISE, 1.0)[:3], varied(NOISE[:3], 1.0))

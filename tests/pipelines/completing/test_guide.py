"""A guide lies where it was put, and the motion around it is unseen."""

import pytest
import torch

from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines.completing.guide import laid_along
from vimo_pipeline.pipelines.seen import Seen
from vimo_pipeline.pipelines.windows import WindowPlan

FRAMES = 40
GAP = Mask.nothing(FRAMES).keep(frames="0:10,30:40")


def film(frames: int) -> Seen:
    """Points that tell their frame, and a cut in the middle."""
    number = torch.arange(1, frames + 1)
    points = (number / 100)[:, None, None].expand(frames, 17, 3)
    return Seen(points, (number > frames // 2).long())


def test_it_is_seen_from_its_first_frame_on_and_nothing_around_it():
    laid = laid_along(film(10), GAP, start=12)
    assert laid.frames().nonzero()[:, 0].tolist() == list(range(12, 22))
    torch.testing.assert_close(laid.points[12:22], film(10).points)
    assert laid.shots.tolist() == [0] * 17 + [1] * 23


def test_what_reaches_beyond_the_motion_is_left_out():
    laid = laid_along(film(100), GAP, start=5)
    torch.testing.assert_close(laid.points[5:], film(100).points[:35])


@pytest.mark.parametrize("start", [-1, FRAMES])
def test_a_start_outside_the_motion_is_refused(start):
    with pytest.raises(ValueError, match=f"frame of the motion, 0:40, got {start}"):
        laid_along(film(10), GAP, start=start)


def test_a_guide_that_only_shows_what_is_known_is_refused():
    with pytest.raises(ValueError, match=r"it lies along 30:40, and of the motion the mask\nkeeps 20 of 40"):
        laid_along(film(10), GAP, start=30)


def test_windows_of_what_was_seen_share_their_frames():
    plan = WindowPlan.cover(FRAMES, window=24, overlap=8)
    windows = film(FRAMES).cut(plan)
    torch.testing.assert_close(windows.points[0, 16:], windows.points[1, :8])
    assert windows.shots.shape == (2, 24)

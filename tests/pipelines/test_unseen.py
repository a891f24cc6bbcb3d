"""Where nobody is seen: found, imagined up to a limit, and beyond it the body stands."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion, heading_angle
from vimo_pipeline.pipelines.unseen import stand_still, still_spans, unseen_spans

from .conftest import keypoints_of


def without(frames: int, *spans: tuple[int, int]):
    """Keypoints of a body that leaves the picture."""
    seen = keypoints_of(frames)
    points = seen.points.copy()
    for start, stop in spans:
        points[start:stop] = 0
    return replace(seen, points=points)


def walk(frames: int) -> torch.Tensor:
    """Features of a body that turns and walks a curve, [1, T, 151]."""
    time = torch.arange(frames) / 30
    swing = torch.randn(24, 3, generator=torch.Generator().manual_seed(0))
    axis_angles = 0.3 * torch.sin(4 * time)[:, None, None] * swing
    axis_angles[:, 0] = torch.stack([0 * time, 0.8 * time, 0 * time], -1)
    root = torch.stack([torch.sin(time), 0.9 + 0 * time, time], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(axis_angles), root).pack()[None]


def test_spans_are_found_and_moments_are_not():
    assert unseen_spans(without(90, (0, 20), (40, 47), (50, 58), (80, 90))) == ((0, 20), (50, 58), (80, 90))
    assert unseen_spans(keypoints_of(90)) == ()


@pytest.mark.parametrize(
    ("span", "still"),
    [
        ((40, 50), ()),
        ((40, 51), ((45, 46),)),
        ((20, 60), ((25, 55),)),
        ((0, 40), ((0, 30),)),
        ((60, 100), ((70, 100),)),
    ],
)
def test_what_is_imagined_of_a_span_is_as_long_as_the_limit(span, still):
    assert still_spans((span,), frames=100, limit=10) == still


def test_no_limit_and_none_at_all():
    spans = ((0, 10), (30, 60))
    assert still_spans(spans, frames=100, limit=float("inf")) == ()
    assert still_spans(spans, frames=100, limit=0) == spans


def test_a_body_that_stands_keeps_its_place_and_its_floor():
    whole = stand_still(walk(120), ((40, 80),))
    root = unpack_features(whole).root[0]
    assert (root[40:81, [0, 2]] - root[39, [0, 2]]).abs().max() < 1e-5
    torch.testing.assert_close(root[:, 1], torch.full((120,), 0.9))
    heading = heading_angle(unpack_features(whole).rotations[0, 39:81, 0])
    assert (heading - heading[0]).abs().max() < 1e-4


def test_what_goes_before_is_untouched_and_what_follows_is_the_same_motion_elsewhere():
    before = walk(120)
    after = stand_still(before, ((40, 80),))
    assert torch.equal(after[:, :40], before[:, :40])
    ours, theirs = (Motion.unpack(each[0, 80:]).canonical().joints() for each in (after, before))
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0)


def test_one_pose_goes_over_into_the_other_evenly():
    whole = stand_still(walk(120), ((40, 80),))
    joints = Motion.unpack(whole[0]).joints()
    steps = joints[39:81].diff(dim=0).norm(dim=-1)
    assert steps.max() < 1.3 * steps.mean(0).max()
    assert joints.diff(dim=0).norm(dim=-1)[39:81].max() < joints.diff(dim=0).norm(dim=-1).max()


@pytest.mark.parametrize(("span", "frame"), [((0, 30), 30), ((90, 120), 89)])
def test_at_the_ends_the_nearest_pose_is_held(span, frame):
    before = walk(120)
    whole = stand_still(before, (span,))
    assert torch.equal(whole[:, span[0] : span[1]], before[:, [frame]].expand(-1, 30, -1))
    assert torch.equal(whole[:, frame], before[:, frame])


def test_the_pipeline_imagines_reports_and_stands(pipe):
    seen, options = without(90, (20, 80)), {"num_inference_steps": 1, "output_type": "pt"}
    everything = pipe(keypoints=seen, **options)
    assert everything.unseen == ((20, 80),) and everything.still == ()
    little = pipe(keypoints=seen, longest_unseen=1.0, **options)
    assert little.unseen == ((20, 80),) and little.still == ((35, 65),)
    assert torch.equal(little.motions[:, :35], everything.motions[:, :35])
    held = unpack_features(little.motions).root[0, 34:66, [0, 2]]
    assert (held - held[0]).abs().max() < 1e-4


@pytest.mark.parametrize("limit", [-1.0, float("nan")])
def test_a_limit_that_is_none_is_refused(pipe, limit):
    with pytest.raises(ValueError, match="longest_unseen"):
        pipe(keypoints=keypoints_of(10), longest_unseen=limit)


def test_a_clip_in_which_nobody_is_ever_seen_is_refused(pipe):
    with pytest.raises(ValueError, match="nobody is seen in any of 30 frames"):
        pipe(keypoints=without(30, (0, 30)))


def test_a_window_that_shows_nobody_is_imagined_from_nothing_seen(pipe):
    points = torch.zeros(2, 24, 17, 3)
    points[1] = torch.from_numpy(np.ascontiguousarray(keypoints_of(24).points)) / 400
    code = pipe._encode(points)
    assert torch.equal(code[0], pipe.transformer.null(1, 24)[0])
    assert torch.equal(code[1], pipe.transformer.encode(points)[1])

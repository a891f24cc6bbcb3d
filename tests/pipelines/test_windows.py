"""Overlapping windows cover everything, weigh to one, and agree without changing what already agrees."""

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import turn_features, unpack_features
from vimo_pipeline.motion.placing import canonical
from vimo_pipeline.motion.rotations import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    heading_angle,
    matrix_to_axis_angle,
    matrix_to_quaternion,
    quaternion_to_matrix,
    turn_about_y,
)
from vimo_pipeline.pipelines.windows import WindowPlan, fuse


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def walk(frames: int, *, turning: float = 0.3) -> Motion:
    """A body that turns slowly, swings its joints and walks a curve."""
    time = torch.arange(frames) / 30
    swing = torch.randn(24, 3, generator=seeded())
    axis_angles = 0.4 * torch.sin(2 * time)[:, None, None] * swing
    axis_angles[:, 0] = torch.stack([0 * time, turning * time, 0 * time], -1)
    root = torch.stack([torch.sin(0.3 * time), 0.9 + 0 * time, time], -1)
    return Motion.from_rotations(axis_angle_to_quaternion(axis_angles), root, fps=30).canonical()


@pytest.mark.parametrize("frames", [1, 2, 40, 41, 55, 100, 317])
def test_every_frame_is_covered_and_neighbours_overlap(frames):
    plan = WindowPlan.cover(frames, window=40, overlap=10)
    held = torch.zeros(frames)
    for start in plan.starts:
        held[start : start + plan.length] += 1
    assert held.min() >= 1
    steps = torch.tensor(plan.starts).diff()
    assert (plan.length - steps >= 10).all() or len(plan.starts) == 1


def test_merging_what_was_cut_gives_it_back():
    plan = WindowPlan.cover(100, window=40, overlap=10)
    sequence = torch.randn(2, 100, 5, generator=seeded())
    torch.testing.assert_close(plan.merge(plan.cut(sequence)), sequence)


def test_windows_of_one_motion_fuse_to_that_motion():
    motion = walk(100)
    plan = WindowPlan.cover(100, window=40, overlap=10)
    windows = own_frames(plan.cut(motion.pack()[None]))
    whole, agreed = fuse(windows, plan)
    torch.testing.assert_close(whole[0], motion.pack(), atol=1e-4, rtol=0)
    torch.testing.assert_close(agreed, windows, atol=1e-4, rtol=0)


def test_windows_may_lie_anywhere_and_face_anywhere():
    plan = WindowPlan.cover(100, window=40, overlap=10)
    windows = own_frames(plan.cut(walk(100).pack()[None]))
    turned = [turn_features(one, turn_about_y(torch.tensor(k + 0.5))) for k, one in enumerate(windows[0])]
    moved = torch.stack(turned)[None] + torch.nn.functional.pad(torch.tensor([3.0, 0.0, -2.0]), (148, 0))
    for ours, theirs in zip(fuse(moved, plan), fuse(windows, plan), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0)


def test_windows_that_disagree_agree_at_once():
    plan = WindowPlan.cover(170, window=40, overlap=30)
    whole, agreed = fuse(disagreeing(plan), plan)
    again, settled = fuse(agreed, plan)
    torch.testing.assert_close(again, whole, atol=1e-3, rtol=0)
    torch.testing.assert_close(settled, agreed, atol=1e-3, rtol=0)


@pytest.mark.parametrize("overlap", [1, 10, 39])
def test_shares_sum_to_one_and_are_largest_in_the_middle_of_a_window(overlap):
    plan = WindowPlan.cover(100, window=40, overlap=overlap)
    shares, total = plan.shares(), torch.zeros(100)
    for start, share in zip(plan.starts, shares, strict=True):
        total[start : start + plan.length] += share
    torch.testing.assert_close(total, torch.ones(100))
    assert shares.min() > 0 and (plan.weights().diff()[:19] > 0).all()


def test_between_two_windows_a_rotation_lies_on_the_arc_of_slerp():
    plan = WindowPlan.cover(50, window=30, overlap=10)
    first, last = axis_angle_to_quaternion(torch.randn(2, 24, 3, generator=seeded()) * 0.5)
    last = torch.where((first * last).sum(-1, keepdim=True) < 0, -last, last)
    windows = torch.stack([first, -last])[None, :, None].expand(1, 2, 30, 24, 4)  # -q is the same rotation
    merged = quaternion_to_matrix(plan.merge_rotations(windows))[0]
    torch.testing.assert_close(merged[0], quaternion_to_matrix(first))
    torch.testing.assert_close(merged[-1], quaternion_to_matrix(last))
    arc, so_far, to_go = (
        matrix_to_axis_angle(one.mT @ other).norm(dim=-1)
        for one, other in ((merged[0], merged[-1]), (merged[0], merged), (merged, merged[-1]))
    )
    torch.testing.assert_close(so_far + to_go, arc.expand(50, 24), atol=2e-3, rtol=0)
    assert (so_far.diff(dim=0) > -1e-3).all() and so_far.diff(dim=0).max() < 0.2 * arc.max()


def test_a_mean_of_rotations_is_that_of_largest_overlap():
    """Markley et al. 2007: the principal axis of the sum of outer products, whatever the signs."""
    plan = WindowPlan.cover(60, window=40, overlap=35)
    near = axis_angle_to_quaternion(0.2 * torch.randn(1, len(plan.starts), 40, 2, 3, generator=seeded()))
    signs = torch.randint(2, near.shape[:-1], generator=seeded())[..., None] * 2 - 1
    merged = plan.merge_rotations(near * signs)
    products = (near[..., :, None] * near[..., None, :]).flatten(3)  # [1, K, 40, 32]
    slow = torch.linalg.eigh(plan.merge(products).unflatten(-1, (2, 4, 4)))[1][..., -1]
    assert (slow * merged).sum(-1).abs().min() > 1 - 1e-4


def test_the_mean_does_not_depend_on_how_the_axes_of_a_body_point():
    plan = WindowPlan.cover(60, window=40, overlap=35)
    near = axis_angle_to_matrix(0.4 * torch.randn(1, len(plan.starts), 40, 2, 3, generator=seeded()))
    left, right = axis_angle_to_matrix(torch.randn(2, 3, generator=seeded()))
    mean, other = (
        quaternion_to_matrix(plan.merge_rotations(matrix_to_quaternion(each)))
        for each in (near, left @ near @ right)
    )
    torch.testing.assert_close(other, left @ mean @ right, atol=1e-4, rtol=0)


def test_a_body_never_goes_or_turns_faster_than_its_windows_do():
    plan = WindowPlan.cover(100, window=40, overlap=20)
    windows = own_frames(plan.cut(walk(100).pack()[None]))
    pace = torch.tensor([1.0, 1.4, 0.6, 1.2])[:, None, None]  # they differ on how far it goes
    windows[0, ..., -3:] *= pace * torch.tensor([1.0, 0.0, 1.0]) + torch.tensor([0.0, 1.0, 0.0])
    fastest = windows[..., -3:].diff(dim=2).norm(dim=-1).max()
    whole = unpack_features(fuse(windows, plan)[0])
    steps = whole.root[0].diff(dim=0).norm(dim=-1)
    assert steps.max() <= fastest * 1.001
    still = unpack_features(fuse(own_frames(plan.cut(walk(100, turning=0.0).pack()[None])), plan)[0])
    torch.testing.assert_close(heading_angle(still.rotations[0, :, 0]), torch.zeros(100), atol=1e-4, rtol=0)


def test_windows_that_turn_at_different_rates_meet_in_between():
    """Headings are sums: what is averaged in the overlap is the rate, from one window's to the other's."""
    plan = WindowPlan.cover(60, window=40, overlap=20)
    slow, fast = (walk(60, turning=rate).pack()[None] for rate in (0.3, 0.9))
    windows = own_frames(torch.stack([plan.cut(slow)[:, 0], plan.cut(fast)[:, 1]], 1))
    heading = heading_angle(unpack_features(fuse(windows, plan)[0]).rotations[0, :, 0])
    rates = heading.diff() * 30
    assert (rates[:19] - 0.3).abs().max() < 1e-3 and (rates[40:] - 0.9).abs().max() < 1e-3
    assert (rates.diff() > -1e-3).all() and rates.diff().max() < 0.05


def test_a_somersault_keeps_its_turns():
    """Upside down there is no heading, and windows that start there still agree."""
    time = torch.arange(100) / 30
    axis_angles = torch.zeros(100, 24, 3)
    axis_angles[:, 0, 0] = 4.0 * time
    motion = Motion.from_rotations(
        axis_angle_to_quaternion(axis_angles), torch.tensor([[0.0, 0.9, 0.0]]).repeat(100, 1)
    )
    plan = WindowPlan.cover(100, window=40, overlap=10)
    whole, _ = fuse(plan.cut(motion.pack()[None]), plan)
    torch.testing.assert_close(whole[0], motion.pack(), atol=1e-4, rtol=0)


def test_contacts_stay_between_those_of_the_windows():
    plan = WindowPlan.cover(70, window=40, overlap=10)
    windows = disagreeing(plan)
    contacts = unpack_features(fuse(windows, plan)[0]).contacts
    low, high = windows[..., 144:148].amin(1), windows[..., 144:148].amax(1)
    assert contacts.min() >= low.min() and contacts.max() <= high.max()
    torch.testing.assert_close(contacts[:, :30], windows[:, 0, :30, 144:148])


def test_a_single_window_is_left_alone():
    plan = WindowPlan.cover(30, window=40, overlap=10)
    windows = torch.randn(2, 1, 30, 151, generator=seeded())
    whole, agreed = fuse(windows, plan)
    assert torch.equal(whole, windows[:, 0]) and torch.equal(agreed, windows)


def test_nothing_to_cover_is_refused():
    with pytest.raises(ValueError, match="at least one frame"):
        WindowPlan.cover(0, window=40, overlap=10)


def test_an_overlap_longer_than_the_window_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        WindowPlan.cover(100, window=40, overlap=40)


def own_frames(windows: torch.Tensor) -> torch.Tensor:
    """Every window turned and moved into its own canonical frame. [N, K, W, 151]."""
    motion = canonical(unpack_features(windows.flatten(0, 1)))
    return motion.pack().unflatten(0, windows.shape[:2])


def disagreeing(plan: WindowPlan) -> torch.Tensor:
    """Windows of one motion, each with errors of its own. [1, K, W, 151]."""
    windows = own_frames(plan.cut(walk(plan.frames).pack()[None]))
    return windows + 0.05 * torch.randn(windows.shape, generator=seeded())

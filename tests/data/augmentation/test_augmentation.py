"""What each augmentation may change, and what it must leave alone."""

import pytest
import torch

from vimo_pipeline.data.augmentation import AUGMENTATIONS, augment_motion, check_names
from vimo_pipeline.data.augmentation.crouch import crouch
from vimo_pipeline.data.augmentation.limits import AnatomicalLimits
from vimo_pipeline.data.augmentation.loosen import loosen
from vimo_pipeline.data.augmentation.mirror import mirror
from vimo_pipeline.data.augmentation.proportions import random_proportions
from vimo_pipeline.data.augmentation.recombine import ARMS, UPPER_BODY, recombine
from vimo_pipeline.data.batches import draw_batch
from vimo_pipeline.data.smooth_noise import smooth_noise
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, matrix_to_axis_angle, matrix_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index, joint_indices, rest_offsets

ANKLES = joint_indices(("left_ankle", "right_ankle"))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def motion(bank) -> MotionFeatures:
    """Windows as they were recorded."""
    return bank.draw(48, 20, generator=seeded(), augment=()).motion


def standing(batch: int, frames: int) -> MotionFeatures:
    rest = torch.eye(3).expand(batch, frames, 24, 3, 3)
    root = torch.tensor([0.0, 0.95, 0.0]).expand(batch, frames, 3)
    return MotionFeatures(rest, torch.ones(batch, frames, 4), root)


def joints_of(motion: MotionFeatures) -> torch.Tensor:
    return forward_kinematics(motion.rotations, motion.root)


def changed(before: MotionFeatures, after: MotionFeatures) -> torch.Tensor:
    return (after.rotations != before.rotations).flatten(1).any(1)


def test_without_names_nothing_changes(bank, motion):
    same = augment_motion(motion, (), limits=bank.limits, generator=seeded())
    assert torch.equal(same.pack(), motion.pack())


@pytest.mark.parametrize("name", ["mirror", "recombine", "loosen", "crouch"])
def test_every_name_changes_some_windows_and_keeps_rotations_rotations(bank, motion, name):
    after = augment_motion(motion, (name,), limits=bank.limits, generator=seeded(1))
    assert 2 <= changed(motion, after).sum() <= 46
    product = after.rotations @ after.rotations.mT
    torch.testing.assert_close(product, torch.eye(3).expand_as(product), atol=1e-4, rtol=0)
    assert set(after.contacts.unique().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("name", ["warp", "still", "reverse", "proportions"])
def test_time_and_proportions_change_a_batch_too(bank, name):
    plain, varied = (draw_batch(bank, 16, 20, generator=seeded(), augment=names) for names in ((), (name,)))
    assert not torch.equal(plain.keypoints, varied.keypoints)


def test_an_unknown_name_is_refused():
    check_names(AUGMENTATIONS)
    with pytest.raises(ValueError, match="unknown augmentation stretch; choose from mirror"):
        check_names(("mirror", "stretch"))


def test_mirroring_agrees_with_motion_mirror(motion):
    one = Motion(matrix_to_quaternion(motion.rotations[0]), motion.root[0], motion.contacts[0])
    mirrored = mirror(motion)
    torch.testing.assert_close(mirrored.rotations[0], one.mirror().matrices(), atol=1e-5, rtol=0)
    torch.testing.assert_close(mirrored.root[0], one.mirror().root)
    torch.testing.assert_close(mirror(mirrored).pack(), motion.pack(), atol=1e-6, rtol=0)


def test_borrowed_limbs_come_from_other_windows_and_legs_stay(motion):
    mixed = recombine(motion, seeded(1)).rotations
    below = [joint for joint in range(24) if joint not in UPPER_BODY]
    assert torch.equal(mixed[:, :, below], motion.rotations[:, :, below])
    for limb in (*ARMS.values(), joint_indices(("spine1", "head"))):
        for window in mixed[:, :, limb]:
            assert (motion.rotations[:, :, limb] == window).flatten(1).all(1).any()


def test_loosened_legs_keep_planted_feet_planted(bank):
    before = standing(64, 60)
    after = loosen(before, AnatomicalLimits(-torch.full((24, 3), 2.0), torch.full((24, 3), 2.0)), seeded())
    legs_moved = (after.rotations != before.rotations)[:, :, joint_index("left_hip")].flatten(1).any(1)
    assert 10 < legs_moved.sum() < 45
    feet = joints_of(after)[:, :, joint_indices(("left_ankle", "right_ankle", "left_foot", "right_foot"))]
    middle = feet.mean(2)[..., [0, 2]]  # of the two legs moving against each other only the mean can stay
    assert (middle - middle[:, :1]).abs().max() < 1e-3
    torch.testing.assert_close(
        feet[..., 1].amin(-1), joints_of(before)[..., 10:12, 1].amin(-1), atol=1e-4, rtol=0
    )


def test_limits_hold_back_what_was_never_recorded_and_nothing_else():
    limits = AnatomicalLimits(torch.full((24, 3), -0.5), torch.full((24, 3), 0.5))
    recorded = axis_angle_to_matrix(torch.tensor([[0.1, 0.0, 0.0], [0.9, 0.0, 0.0]]))
    turned = axis_angle_to_matrix(torch.tensor([[1.2, 0.3, 0.0], [1.2, 0.3, 0.0]]))
    kept = matrix_to_axis_angle(limits.clamp(turned, recorded, [4, 5]))
    torch.testing.assert_close(kept, torch.tensor([[0.5, 0.3, 0.0], [0.9, 0.3, 0.0]]), atol=1e-5, rtol=0)


def test_limits_are_fitted_to_the_corpus(bank):
    from vimo_pipeline.motion.rotations import quaternion_to_axis_angle

    vectors = quaternion_to_axis_angle(bank.rotations)
    inside = (vectors >= bank.limits.lowest - 1e-4) & (vectors <= bank.limits.highest + 1e-4)
    assert 0.98 < inside.float().mean() <= 1
    assert (bank.limits.lowest >= vectors.amin(0) - 1e-4).all()


def test_crouching_bodies_sink_and_their_feet_stay():
    before = standing(64, 30)
    low = crouch(before, seeded())
    sunk = (before.root - low.root)[..., 1]
    assert 0.1 < sunk.max() < 0.5 and sunk.min() > -1e-3
    moved = joints_of(low) - joints_of(before)
    assert moved[:, :, ANKLES].norm(dim=-1).max() < 0.12
    assert (moved[:, :, joint_index("head")] - moved[:, :, 0])[..., 2].max() > 0.2  # bowing tips it forward


def test_proportions_keep_the_sides_of_a_body_alike():
    offsets = random_proportions(200, seeded())
    factors = offsets.norm(dim=-1)[:, 1:] / rest_offsets().norm(dim=-1)[1:]
    left, right = (joint_index(f"{side}_knee") - 1 for side in ("left", "right"))
    torch.testing.assert_close(factors[:, left], factors[:, right])
    assert abs(factors.std(0).max() - 0.07) < 0.01


def test_reversed_windows_are_the_same_poses_backwards(bank):
    plain = bank.draw(64, 20, generator=seeded(), augment=())
    varied = bank.draw(64, 20, generator=seeded(), augment=("reverse",))
    elbow = joint_index("left_elbow")
    forward, after = plain.motion.rotations[:, :, elbow], varied.motion.rotations[:, :, elbow]
    back = (after == forward.flip(1)).flatten(1).all(1) & ~(after == forward).flatten(1).all(1)
    assert ((after == forward).flatten(1).all(1) | back).all()
    assert 8 < back.sum() < 32 and varied.mask[back].all()


def test_some_windows_hardly_move_and_the_others_move_as_before(bank):
    plain, varied = (bank.draw(400, 20, generator=seeded(), augment=names) for names in ((), ("still",)))
    way, slowed = (each.motion.root.diff(dim=1).norm(dim=-1).sum(1) for each in (plain, varied))
    still = [float((each < 0.2 * way.median()).float().mean()) for each in (way, slowed)]
    assert 0.05 < still[1] - still[0] < 0.2
    assert slowed.quantile(0.9) > 0.9 * way.quantile(0.9)
    assert varied.mask.float().mean() >= plain.mask.float().mean()


def test_loosened_arms_are_held_or_come_and_go(bank):
    before = standing(400, 60)
    limits = AnatomicalLimits(-torch.full((24, 3), 2.0), torch.full((24, 3), 2.0))
    after = loosen(before, limits, seeded()).rotations[:, :, joint_index("left_elbow")]
    turns = matrix_to_axis_angle(after)[(after != torch.eye(3)).flatten(1).any(1)]
    held, moved = turns.mean(1).norm(dim=-1), (turns - turns.mean(1, keepdim=True)).norm(dim=-1).mean(1)
    assert held.mean() > 2 * moved.mean() and (moved > 0.2).float().mean() > 0.05


def test_smooth_noise_has_unit_deviation_and_no_jumps():
    curves = smooth_noise(4000, 60, seeded())
    assert abs(curves.std() - 1) < 0.05 and abs(curves.mean()) < 0.05
    assert curves.diff(dim=1).abs().max() < 0.3

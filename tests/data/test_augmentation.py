"""What augmentation may change, and what it must leave alone."""

import torch

from vimo_pipeline.data.augmentation import ARMS, borrow_arms, crouch, loosen, mirror
from vimo_pipeline.data.smooth_noise import smooth_noise
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import matrix_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index, joint_indices

BELOW = joint_indices(
    ("pelvis", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")
)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_mirroring_agrees_with_motion_mirror(bank):
    motion, _ = bank.draw(1, 20, generator=seeded())
    one = Motion(matrix_to_quaternion(motion.rotations[0]), motion.root[0], motion.contacts[0])
    mirrored = mirror(motion)
    torch.testing.assert_close(mirrored.rotations[0], one.mirror().matrices(), atol=1e-5, rtol=0)
    torch.testing.assert_close(mirrored.root[0], one.mirror().root)
    twice = mirror(mirrored)
    torch.testing.assert_close(MotionFeatures(*twice).pack(), motion.pack(), atol=1e-6, rtol=0)


def test_borrowed_arms_come_whole_from_one_other_window(bank):
    rotations = bank.draw(24, 10, generator=seeded()).motion.rotations
    mixed = borrow_arms(rotations, seeded(1))
    others = [joint for joint in range(24) if joint not in ARMS["left"] + ARMS["right"]]
    assert torch.equal(mixed[:, :, others], rotations[:, :, others])
    changed = 0
    for arm in ARMS.values():
        for window in mixed[:, :, arm]:
            lenders = (rotations[:, :, arm] == window).flatten(1).all(1)
            assert lenders.any()
        changed += (mixed[:, :, arm] != rotations[:, :, arm]).flatten(1).any(1).sum()
    assert 4 < changed < 28


def test_loosening_leaves_legs_alone_and_rotations_rotations(bank):
    rotations = bank.draw(32, 10, generator=seeded()).motion.rotations
    loose = loosen(rotations, seeded(1))
    assert torch.equal(loose[:, :, BELOW], rotations[:, :, BELOW])
    torch.testing.assert_close(loose @ loose.mT, torch.eye(3).expand_as(loose), atol=1e-5, rtol=0)
    moved = (loose != rotations).flatten(1).any(1).float().mean()
    assert 0.25 < moved < 0.75


def test_crouching_bodies_sink_and_their_feet_stay():
    rest = torch.eye(3).expand(64, 30, 24, 3, 3)
    standing = MotionFeatures(rest, torch.ones(64, 30, 4), torch.tensor([0.0, 0.95, 0.0]).expand(64, 30, 3))
    low = crouch(standing, seeded())
    sunk = (standing.root - low.root)[..., 1]
    assert 0.1 < sunk.max() < 0.5 and sunk.min() > -1e-3
    before, after = (forward_kinematics(one.rotations, one.root) for one in (standing, low))
    feet = joint_indices(("left_ankle", "right_ankle"))
    assert (after - before)[:, :, feet].norm(dim=-1).max() < 0.12
    head = joint_index("head")
    assert (after - before)[:, :, head, 2].max() > 0.2  # bowing tips the head forward
    assert (after - before)[:, :, head, 2].min() > -0.15


def test_smooth_noise_has_unit_deviation_and_no_jumps():
    curves = smooth_noise(4000, 60, seeded())
    assert abs(curves.std() - 1) < 0.05 and abs(curves.mean()) < 0.05
    assert curves.diff(dim=1).abs().max() < 0.3

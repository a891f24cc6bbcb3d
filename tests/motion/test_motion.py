"""What may be done to a motion, and what that leaves as it was."""

from dataclasses import replace

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import heading_angle, turn_about_y
from vimo_pipeline.motion.skeleton import mirror_permutation


def distances(motion: Motion) -> torch.Tensor:
    """Between all joints of all pairs of frames 10 apart: what no rigid movement changes."""
    joints = motion.joints()[::10].flatten(0, 1)
    return torch.cdist(joints, joints)


# --- turning and moving the world


def test_turning_the_world_turns_every_joint(walk):
    turning = turn_about_y(torch.tensor(0.9).double())
    assert_close(walk.turn(0.9).joints(), walk.joints() @ turning.mT)
    assert_close(walk.turn(0.9).turn(-0.9).joints(), walk.joints())


def test_canonical_starts_at_the_origin_facing_z(walk):
    canonical = walk.canonical()
    assert_close(canonical.root[0, [0, 2]], torch.zeros(2).double())
    assert_close(canonical.root[:, 1], walk.root[:, 1])
    assert heading_angle(canonical.matrices()[0, 0]).abs() < 1e-6


def test_canonical_twice_is_canonical_once(walk):
    once = walk.canonical()
    assert_close(once.canonical().joints(), once.joints())


def test_canonical_changes_no_distance_and_no_contact(walk):
    assert_close(distances(walk.canonical()), distances(walk), atol=1e-6, rtol=0)
    assert torch.equal(walk.canonical().contacts, walk.contacts)


def test_canonical_forgets_where_the_world_was(walk):
    shift = torch.tensor([3.0, 0.0, -1.0]).double()
    elsewhere = replace(walk.turn(2.0), root=walk.turn(2.0).root + shift)
    assert_close(elsewhere.canonical().joints(), walk.canonical().joints(), atol=1e-6, rtol=0)


# --- mirroring


def test_mirror_twice_is_the_same_motion(walk):
    twice = walk.mirror().mirror()
    assert torch.equal(twice.rotations, walk.rotations)
    assert torch.equal(twice.root, walk.root)
    assert torch.equal(twice.contacts, walk.contacts)


def test_mirror_mirrors_the_joints(walk):
    """To within the asymmetry of SMPL's mean shape, which is about a centimetre a joint."""
    expected = walk.joints()[:, mirror_permutation()] * torch.tensor([-1.0, 1.0, 1.0])
    gap = (walk.mirror().joints() - expected).norm(dim=-1)
    assert gap.mean() < 0.012
    assert gap.max() < 0.02


def test_mirror_swaps_the_feet(walk):
    assert torch.equal(walk.mirror().contacts, walk.contacts[:, [1, 0, 3, 2]])


# --- resampling


def test_resampled_there_and_back_is_the_same(walk):
    for fps in (60.0, 120.0):
        back = walk.resample(fps).resample(walk.fps)
        assert len(back) == len(walk)
        assert_close(back.joints(), walk.joints(), atol=1e-6, rtol=0)
        assert_close(back.contacts, walk.contacts)


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 50.0, 60.0])
@pytest.mark.parametrize("frames", [10, 61])
def test_resampling_keeps_time(walk_at, fps, frames):
    """Frame k lies at k / fps seconds, so motion stays in step with its video and its speed is right."""
    resampled = walk_at(frames=frames, fps=30.0).resample(fps)
    truth = walk_at(frames=len(resampled), fps=fps)
    assert 0 <= (frames - 1) / 30 - (len(resampled) - 1) / fps < 1 / fps
    assert_close(resampled.root, truth.root, atol=2e-3, rtol=0)
    assert_close(resampled.joints(), truth.joints(), atol=1e-2, rtol=0)


def test_resampling_keeps_soft_contacts(walk):
    soft = replace(walk, contacts=walk.contacts * 0.6 + 0.1)
    assert set(soft.resample(47.0).contacts.unique().tolist()) <= set(soft.contacts.unique().tolist())


def test_resampling_one_frame(walk):
    still = walk.frames(3, 4).resample(60.0)
    assert len(still) == 1
    assert still.fps == 60.0


@pytest.mark.parametrize("fps", [0.0, -30.0, float("nan")])
def test_resampling_to_no_rate_raises(walk, fps):
    with pytest.raises(ValueError, match="fps must be a positive number"):
        walk.resample(fps)


# --- the door


def test_length_and_slices(walk):
    part = walk.frames(10, 25)
    assert len(part) == 15
    assert part.seconds == pytest.approx(0.5)
    assert_close(part.joints(), walk.joints()[10:25])


@pytest.mark.parametrize(
    ("field", "shape"),
    [("rotations", (61, 22, 4)), ("rotations", (61, 24, 3)), ("root", (60, 3)), ("contacts", (61, 2))],
)
def test_wrong_shapes_raise_and_name_the_field(walk, field, shape):
    with pytest.raises(ValueError, match=rf"{field} must be \[T, "):
        replace(walk, **{field: torch.zeros(shape)})


@pytest.mark.parametrize("field", ["rotations", "root", "contacts"])
def test_nan_raises(walk, field):
    broken = getattr(walk, field).clone()
    broken[5] = float("nan")
    with pytest.raises(ValueError, match=f"{field} holds NaN"):
        replace(walk, **{field: broken})


def test_a_quaternion_of_no_length_raises(walk):
    broken = walk.rotations.clone()
    broken[5, 3] = 0
    with pytest.raises(ValueError, match="zero quaternion"):
        replace(walk, rotations=broken)


def test_no_frames_raise(walk):
    with pytest.raises(ValueError, match="at least one frame"):
        walk.frames(61, 70)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("inf"), float("nan")])
def test_a_frame_rate_that_is_none_raises(walk, fps):
    with pytest.raises(ValueError, match="fps must be a positive number"):
        replace(walk, fps=fps)

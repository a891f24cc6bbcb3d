"""Properties of the bridge over what is not known."""

import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.motion.bridging import bridge, gap_stand
from vimo_pipeline.motion.features import MotionFeatures
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.motion.placing import seen_from
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, heading_angle, matrix_to_quaternion, slerp

FRAMES = 30


@pytest.fixture
def motion() -> MotionFeatures:
    """Random but smooth."""
    generator = torch.Generator().manual_seed(0)
    turns = torch.randn(2, FRAMES, 24, 3, generator=generator).cumsum(1) * 0.1
    contacts = torch.rand(2, FRAMES, 4, generator=generator)
    return MotionFeatures(
        axis_angle_to_matrix(turns), contacts, torch.randn(2, FRAMES, 3, generator=generator)
    )


def kept(mask: Mask) -> torch.Tensor:
    return mask.kept[None].expand(2, -1, -1)


def test_what_is_known_stays(motion):
    mask = kept(Mask.everything(FRAMES).hide("left_arm", "path", frames="5:20"))
    found = bridge(motion, mask)
    torch.testing.assert_close(found.rotations[mask[..., :24]], motion.rotations[mask[..., :24]])
    torch.testing.assert_close(found.contacts, motion.contacts)
    torch.testing.assert_close(found.root[..., 1], motion.root[..., 1])
    torch.testing.assert_close(found.root[:, :5], motion.root[:, :5])


def test_what_is_unknown_is_never_looked_at(motion):
    mask = Mask.everything(FRAMES).hide(frames="0:3,10:20,28:30").hide("head")
    wild = MotionFeatures(motion.rotations.mT, 5 - motion.contacts, motion.root * 7)
    known = kept(mask)
    parts = (known[..., :24, None, None], known[..., 24, None], known[..., [25, 26, 25]])
    other = MotionFeatures(*(torch.where(k, a, b) for k, a, b in zip(parts, motion, wild, strict=True)))
    for one, two in zip(bridge(motion, known), bridge(other, known), strict=True):
        torch.testing.assert_close(one, two)


def test_between_two_known_frames_it_is_slerp_and_a_line(motion):
    found = bridge(motion, kept(Mask.everything(FRAMES).hide(frames="10:20")))
    quaternions = matrix_to_quaternion(motion.rotations)
    for frame in range(9, 21):
        part = torch.tensor((frame - 9) / 11)
        wanted = slerp(quaternions[:, 9], quaternions[:, 20], part.expand(2, 24))
        got = matrix_to_quaternion(found.rotations[:, frame])
        assert ((wanted * got).sum(-1).abs() > 1 - 1e-5).all()
        torch.testing.assert_close(
            found.root[:, frame], torch.lerp(motion.root[:, 9], motion.root[:, 20], part)
        )


def test_open_ends_stay_as_they_are_known(motion):
    found = bridge(motion, kept(Mask.nothing(FRAMES).keep(frames="10:20")))
    for part, known in zip(found, motion, strict=True):
        torch.testing.assert_close(part[:, :10], known[:, 10:11].expand_as(part[:, :10]))
        torch.testing.assert_close(part[:, 20:], known[:, 19:20].expand_as(part[:, 20:]))


def test_what_is_known_nowhere_is_at_rest(motion):
    found = bridge(motion, kept(Mask.everything(FRAMES).hide("left_elbow", "root", "contacts")))
    torch.testing.assert_close(found.rotations[:, :, 18], torch.eye(3).expand(2, FRAMES, 3, 3))
    assert found.root.abs().max() == 0 and found.contacts.abs().max() == 0


def test_each_clip_of_a_batch_is_bridged_by_itself(motion):
    masks = torch.stack([Mask.everything(FRAMES).hide(frames=span).kept for span in ("3:9", "12:30")])
    both = bridge(motion, masks)
    for clip in range(2):
        alone = bridge(MotionFeatures(*(part[clip : clip + 1] for part in motion)), masks[clip : clip + 1])
        for one, two in zip(alone, both, strict=True):
            torch.testing.assert_close(one[0], two[clip])


def test_a_gap_is_seen_from_where_it_begins(motion):
    masks = torch.stack([Mask.everything(FRAMES).hide(frames=span).kept for span in ("3:9", "12:30")])
    bridged = bridge(motion, masks)
    seen = seen_from(bridged, gap_stand(bridged, masks))
    begins = seen.root[[0, 1], [3, 12]]
    assert begins[:, [0, 2]].abs().max() < 1e-5
    assert heading_angle(seen.rotations[[0, 1], [3, 12], 0]).abs().max() < 1e-5


def test_a_bridge_packs_as_a_motion_does(motion):
    bank = MotionBank([Motion.unpack(features) for features in motion.pack()])
    drawn = bank.draw(2, FRAMES, generator=torch.Generator().manual_seed(0), augment=()).motion
    assert bridge(drawn, kept(Mask.everything(FRAMES))).pack().shape == (2, FRAMES, 151)

"""Known parts come back exactly, and no seam shows."""

import math

import pytest
import torch
from torch import Tensor

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.pipelines.completing.keeping import Known, keep, spread

FRAMES = 40


def wandering(seed: int = 0, frames: int = FRAMES) -> Motion:
    """A body that swings its joints, turns and walks smoothly."""
    generator = torch.Generator().manual_seed(seed)
    time = torch.arange(frames)[:, None, None] / 30
    size, phase = torch.randn(2, 1, 24, 3, generator=generator)
    angles = 0.3 * size * torch.sin(2 * time + phase)
    angles[:, 0, 1] += 1.5 * time[:, 0, 0] * (1 + seed)
    way = torch.randn(3, generator=generator) * time[:, 0] + 0.1 * torch.sin(3 * time[:, 0])
    return Motion.from_rotations(axis_angle_to_quaternion(angles), way + torch.tensor([0.0, 0.9, 0.0]))


def kept(mask: Mask, *, imagined: Motion, known: Motion) -> Motion:
    return Motion.unpack(keep(imagined.pack()[None], Known.of(known, mask))[0])


MASKS = {
    "in-betweening": Mask.nothing(FRAMES).keep(frames="0:10,30:40"),
    "keyframes": Mask.nothing(FRAMES).keep(frames="0,13,39"),
    "the end alone": Mask.nothing(FRAMES).keep(frames="30:40"),
    "an arm missing": Mask.everything(FRAMES).hide("left_arm", frames="10:30"),
    "no root": Mask.everything(FRAMES).hide("root"),
    "root alone": Mask.nothing(FRAMES).keep("root"),
    "legs alone": Mask.nothing(FRAMES).keep("legs"),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_known_parts_come_back_as_they_were(mask):
    known = wandering(1)
    result = unpack_features(keep(wandering(2).pack()[None], Known.of(known, mask)))
    torch.testing.assert_close(
        result.pack()[0][mask.features()], known.pack()[mask.features()], atol=1e-5, rtol=0
    )


def test_what_is_not_known_is_never_looked_at():
    mask, known = MASKS["in-betweening"], wandering(1)
    hidden = ~mask.whole_frames
    other = Motion(
        torch.where(hidden[:, None, None], wandering(5).rotations, known.rotations),
        torch.where(hidden[:, None], wandering(5).root, known.root),
        torch.where(hidden[:, None], wandering(5).contacts, known.contacts),
    )
    first, second = (keep(wandering(2).pack()[None], Known.of(each, mask)) for each in (known, other))
    torch.testing.assert_close(first, second, atol=1e-5, rtol=0)


def test_a_perfect_prediction_is_left_alone_however_it_is_turned_and_moved():
    known = wandering(1)
    moved = known.turn(2.0)
    moved = Motion(moved.rotations, moved.root + torch.tensor([3.0, 0.0, -2.0]), moved.contacts)
    result = kept(MASKS["in-betweening"], imagined=moved, known=known)
    torch.testing.assert_close(result.joints(), known.joints(), atol=1e-3, rtol=0)


def test_known_motion_may_stand_anywhere():
    known, imagined = wandering(1), wandering(2)
    here = kept(MASKS["in-betweening"], imagined=imagined, known=known)
    there = kept(MASKS["in-betweening"], imagined=imagined, known=known.turn(1.0))
    torch.testing.assert_close(there.joints(), here.turn(1.0).joints(), atol=1e-3, rtol=0)


def test_no_seam_shows():
    known, imagined = wandering(1), wandering(2)
    result = kept(MASKS["in-betweening"], imagined=imagined, known=known)
    at_seams = acceleration(result)[[8, 9, 28, 29]].mean()
    pasted = torch.where(MASKS["in-betweening"].features(), known.pack(), imagined.pack())
    assert acceleration(Motion.unpack(pasted))[[8, 9, 28, 29]].mean() > 10 * at_seams


def acceleration(motion: Motion) -> Tensor:
    """m/s², [T - 2]."""
    return (motion.joints().diff(n=2, dim=0) * 900).norm(dim=-1).mean(-1)


def test_a_residual_fades_within_its_reach_and_an_endless_one_goes_from_end_to_end():
    residual, there = torch.zeros(1, 21, 1, 1), torch.zeros(21, 1, dtype=torch.bool)
    residual[:, 0], residual[:, 20] = 1.0, 3.0
    there[[0, 20]] = True
    near = spread(residual, there, reach=4)[0, :, 0, 0]
    assert near[0] == 1 and near[20] == 3 and (near[4:17].abs() < 1e-6).all() and 0 < near[2] < 1
    far = spread(residual, there, reach=math.inf)[0, :, 0, 0]
    assert far[0] == 1 and far[20] == 3 and (far.diff() >= 0).all() and abs(far[10] - 2) < 1e-5


def test_beyond_the_last_known_frame_a_path_goes_on_and_its_speed_dies_out():
    time = torch.arange(60.0)
    residual, there = (2 + 0.1 * time).view(1, -1, 1, 1), (time < 10)[:, None]
    beyond = spread(residual, there, reach=math.inf)[0, 10:, 0, 0]
    assert abs(beyond[0] - 3.0) < 0.05 and (beyond[20:] - 2.9).abs().max() < 1e-5

"""Partners that copy, ignore or vary their humans."""

import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import partner_scores, scores_over_strength
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion, slerp


def dancers(
    seed: int, count: int = 6, frames: int = 20, size: float = 0.3, fps: float = 30.0
) -> list[Motion]:
    noise = torch.randn(count, frames, 24, 3, generator=torch.Generator().manual_seed(seed))
    rotations = axis_angle_to_quaternion(size * noise.cumsum(1) / frames**0.5)
    return [Motion(one, torch.zeros(frames, 3), torch.zeros(frames, 4), fps) for one in rotations]


def mixed(humans: list[Motion], others: list[Motion], share: float) -> list[Motion]:
    """Partners that take a share of their human's rotations."""
    return [
        Motion(
            slerp(own.rotations, human.rotations, torch.full((20, 24), share)),
            human.root,
            human.contacts,
            human.fps,
        )
        for human, own in zip(humans, others, strict=True)
    ]


def test_a_copy_has_everything_of_its_human():
    humans = dancers(0)
    found = partner_scores(humans, humans)
    assert found.fid == pytest.approx(0, abs=1e-6)
    assert found.mimicry == 1
    assert found.diversity == found.human_diversity > 0.05


def test_fid_does_not_see_who_danced_with_whom_and_mimicry_does():
    humans = dancers(0)
    exchanged = humans[1:] + humans[:1]
    found = partner_scores(exchanged, humans)
    assert found.fid == pytest.approx(0, abs=1e-6)
    assert found.mimicry < 0.1


def test_strangers_mimic_no_more_than_chance():
    found = partner_scores(dancers(1, 20), dancers(2, 20))
    assert abs(found.mimicry) < 0.1
    assert found.fid > 0


def test_statues_have_no_diversity():
    still = dancers(1, size=0)
    found = partner_scores(still, dancers(0))
    assert found.diversity == pytest.approx(0, abs=1e-9)
    assert abs(found.mimicry) < 0.3 and found.fid > found.fid_floor / 10


def test_more_strength_is_more_mimicry_and_less_distance():
    humans, others = dancers(0, 10), dancers(1, 10)
    curve = scores_over_strength({40: mixed(humans, others, 0.9), 10: mixed(humans, others, 0.3)}, humans)
    assert list(curve) == [10, 40]
    assert curve[40].mimicry > curve[10].mimicry > 0
    assert curve[40].fid < curve[10].fid


def test_the_place_on_the_floor_does_not_count():
    humans, partners = dancers(0), dancers(1)
    beside = [Motion(m.rotations, m.root + torch.tensor([1.5, 0, -2]), m.contacts) for m in partners]
    assert partner_scores(beside, humans) == pytest.approx(partner_scores(partners, humans), abs=1e-5)


def test_wrong_pairs_are_named():
    with pytest.raises(ValueError, match="got 6 clips of 20 frames and 5 of 20"):
        partner_scores(dancers(0), dancers(1, 5))
    with pytest.raises(ValueError, match="four or more"):
        partner_scores(dancers(0, 3), dancers(1, 3))
    with pytest.raises(ValueError, match=r"one length and frame rate, got \[\(10, 30.0\), \(20, 30.0\)\]"):
        partner_scores(dancers(0, 3) + dancers(1, 3, frames=10), dancers(1))
    with pytest.raises(ValueError, match="frame rates differ"):
        partner_scores(dancers(0, fps=60), dancers(1))
    with pytest.raises(ValueError, match="got none"):
        partner_scores([], [])

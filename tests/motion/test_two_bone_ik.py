"""A leg reaches what it can reach and does not break where it cannot."""

import torch

from vimo_pipeline.motion.two_bone_ik import LONGEST, reach, shortest_turn

HINGE = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64)


def legs(count: int = 64) -> tuple[torch.Tensor, ...]:
    """Hip, knee and ankle of legs bent forward at the knee, turned at random; hinges. [N, 3] each."""
    generator = torch.Generator().manual_seed(0)
    bend = 0.1 + 1.9 * torch.rand(count, generator=generator, dtype=torch.float64)
    thigh = torch.tensor([0.0, -0.39, 0.0], dtype=torch.float64).expand(count, 3)
    shin = 0.43 * torch.stack([0 * bend, -bend.cos(), -bend.sin()], -1)
    turning = shortest_turn(HINGE.expand(count, 3), torch.randn(count, 3, generator=generator).double())
    hip = torch.randn(count, 3, generator=generator).double()
    thigh, shin, hinge = (
        (turning @ each[..., None])[..., 0] for each in (thigh, shin, HINGE.expand(count, 3))
    )
    return hip, hip + thigh, hip + thigh + shin, hinge


def bent(hip, knee, ankle, target, hinge):
    """Knee and ankle afterwards."""
    turns = reach(hip, knee, ankle, target, hinge=hinge)
    after = hip + (turns.thigh @ (knee - hip)[..., None])[..., 0]
    return after, after + (turns.shin @ (ankle - knee)[..., None])[..., 0], turns


def targets(hip: torch.Tensor, least: float, most: float) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    away = torch.nn.functional.normalize(torch.randn(len(hip), 3, generator=generator).double(), dim=-1)
    return hip + away * (least + (most - least) * torch.rand(len(hip), 1, generator=generator))


def test_what_can_be_reached_is_reached_by_legs_of_the_same_length():
    hip, knee, ankle, hinge = legs()
    target = targets(hip, 0.1, 0.818)
    after, foot, _ = bent(hip, knee, ankle, target, hinge)
    torch.testing.assert_close(foot, target, atol=1e-9, rtol=0)
    torch.testing.assert_close((after - hip).norm(dim=-1), (knee - hip).norm(dim=-1))
    torch.testing.assert_close((foot - after).norm(dim=-1), (ankle - knee).norm(dim=-1))


def test_a_foot_that_is_there_already_turns_nothing():
    hip, knee, ankle, hinge = legs()
    for turn in reach(hip, knee, ankle, ankle, hinge=hinge):
        torch.testing.assert_close(turn, torch.eye(3).double().expand_as(turn), atol=1e-6, rtol=0)


def test_a_knee_never_bends_backwards():
    hip, knee, ankle, hinge = legs()
    after, foot, turns = bent(hip, knee, ankle, targets(hip, 0.05, 0.9), hinge)
    carried = (turns.thigh @ hinge[..., None])[..., 0]
    assert ((torch.linalg.cross(after - hip, foot - after) * carried).sum(-1) > 0).all()


def test_out_of_reach_the_leg_points_there_and_is_not_quite_straight():
    hip, knee, ankle, hinge = legs()
    target = targets(hip, 0.9, 3.0)
    _, foot, _ = bent(hip, knee, ankle, target, hinge)
    torch.testing.assert_close((foot - hip).norm(dim=-1), torch.full((len(hip),), LONGEST * 0.82).double())
    cosine = torch.nn.functional.cosine_similarity(foot - hip, target - hip)
    torch.testing.assert_close(cosine, torch.ones_like(cosine))


def test_a_straight_leg_bends_about_its_hinge_and_a_target_in_the_hip_is_no_nan():
    hip = torch.zeros(1, 3).double()
    knee, ankle = torch.tensor([[0, -0.4, 0]]).double(), torch.tensor([[0, -0.8, 0]]).double()
    after, foot, _ = bent(hip, knee, ankle, 0.8 * ankle, HINGE[None])
    torch.testing.assert_close(foot, 0.8 * ankle)
    assert after[0, 2] > 0.1  # forwards
    assert all(turn.isfinite().all() for turn in reach(hip, knee, ankle, hip, hinge=HINGE[None]))

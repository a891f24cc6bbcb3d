"""MPJPE and PA-MPJPE: what they see and what they are blind to."""

import torch

from vimo_pipeline.metrics import mpjpe, pa_mpjpe, procrustes
from vimo_pipeline.motion.rotations import axis_angle_to_matrix


def bodies(count: int = 5) -> torch.Tensor:
    return torch.randn(count, 24, 3, generator=torch.Generator().manual_seed(0))


def moved(points: torch.Tensor) -> torch.Tensor:
    turn = axis_angle_to_matrix(torch.tensor([0.4, -1.2, 0.3]))
    return 1.7 * points @ turn.T + torch.tensor([3.0, -1.0, 2.0])


def test_procrustes_undoes_any_similarity():
    points = bodies()
    torch.testing.assert_close(procrustes(moved(points), points), points, atol=1e-4, rtol=0)
    assert pa_mpjpe(moved(points), points).max() < 1e-4


def test_a_mirrored_body_is_not_turned_into_the_other():
    points = bodies()
    assert pa_mpjpe(points * torch.tensor([-1.0, 1.0, 1.0]), points).min() > 0.1


def test_mpjpe_is_blind_to_place_only():
    points = bodies()
    torch.testing.assert_close(mpjpe(points + 4.0, points), torch.zeros(5), atol=1e-5, rtol=0)
    assert mpjpe(moved(points), points).min() > 0.1


def test_aligning_never_makes_it_worse_than_the_best_shift():
    points, others = bodies(), bodies().flip(0)
    shifted = (others - others.mean(1, keepdim=True) - points + points.mean(1, keepdim=True)).square()
    aligned = (procrustes(others, points) - points).square()
    assert (aligned.sum((1, 2)) <= shifted.sum((1, 2)) + 1e-4).all()


def test_one_joint_off_by_one_metre():
    points = bodies()
    wrong = points.clone()
    wrong[:, 5, 0] += 1.0
    torch.testing.assert_close(mpjpe(wrong, points), torch.full((5,), 1 / 24))

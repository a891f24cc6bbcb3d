"""The path through a gap."""

import torch

from vimo_pipeline.losses import path_loss

FRAMES = 20
MISSING = (torch.arange(FRAMES) >= 5) & (torch.arange(FRAMES) < 14)
TIME = torch.arange(FRAMES)[:, None].float()


def loss(off: torch.Tensor, missing: torch.Tensor = MISSING) -> torch.Tensor:
    return path_loss(off[None], torch.zeros(1, FRAMES, 3), missing[None])[0]


def bent(metres: float) -> torch.Tensor:
    """Off by so much in the gap alone, sideways."""
    return metres * MISSING[:, None] * torch.tensor([1.0, 0.0, 0.0])


def test_a_drift_that_completion_takes_off_costs_nothing():
    drift = 0.3 + 0.1 * TIME * torch.tensor([1.0, 0.5, -2.0])
    torch.testing.assert_close(loss(drift), torch.zeros(FRAMES), atol=1e-6, rtol=0)


def test_a_bend_counts_in_the_gap_alone():
    cost = loss(bent(0.01))
    torch.testing.assert_close(cost, 1e-4 * MISSING, rtol=0.01, atol=1e-9)


def test_centimetres_are_squared_and_metres_are_not():
    small, twice, large, larger = (loss(bent(metres))[8] for metres in (0.005, 0.01, 4.0, 8.0))
    torch.testing.assert_close(twice / small, torch.tensor(4.0), rtol=0.01, atol=0)
    torch.testing.assert_close(larger / large, torch.tensor(2.0), rtol=0.03, atol=0)


def test_an_open_gap_and_no_gap_cost_nothing():
    everywhere = torch.ones(FRAMES, 3)
    for missing in (TIME[:, 0] < 7, TIME[:, 0] > 12, TIME[:, 0] < 0):
        assert loss(everywhere * TIME**2, missing).abs().max() == 0


def test_slopes_are_finite_where_nothing_is_off():
    off = torch.zeros(FRAMES, 3, requires_grad=True)
    loss(off).sum().backward()
    assert off.grad.isfinite().all()

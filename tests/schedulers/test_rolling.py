"""A stream's window: the past is done, the newest frames are noise."""

import torch

from vimo_pipeline.schedulers import draw_rolling_timesteps, rolling_timesteps

LAST = 999


def test_a_window_by_hand():
    found = rolling_timesteps(8, last=LAST, fresh=2, ramp=4, level=800, done=40)
    assert found.tolist() == [40, 40, 40, 230, 420, 610, LAST, LAST]


def test_a_window_of_new_frames_alone_is_noise():
    assert rolling_timesteps(3, last=LAST, fresh=5, ramp=4, level=800).tolist() == [LAST] * 3


def test_clips_have_their_own_slopes():
    fresh, ramp = torch.tensor([[1], [3]]), torch.tensor([[2], [5]])
    both = rolling_timesteps(12, last=LAST, fresh=fresh, ramp=ramp, level=600)
    one_by_one = [
        rolling_timesteps(12, last=LAST, fresh=int(a), ramp=int(b), level=600)
        for a, b in zip(fresh, ramp, strict=True)
    ]
    assert torch.equal(both, torch.stack(one_by_one))


def test_drawn_windows_never_fall_towards_their_end():
    times = draw_rolling_timesteps(500, 60, last=LAST, generator=torch.Generator().manual_seed(0))
    assert times.shape == (500, 60) and times.min() >= 0
    assert (times.diff(dim=1) >= 0).all() and (times[:, -1] == LAST).all()
    assert (times[:, 0] < 100).all()
    assert len({tuple(clip.tolist()) for clip in times}) > 490

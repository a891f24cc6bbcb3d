"""The delta-interpolator: a bridge in, the bridge and what it lacks out."""

import pytest
import torch

from vimo_pipeline.models import DeltaInterpolator
from vimo_pipeline.models.delta_interpolator import clocks
from vimo_pipeline.motion.mask import COLUMNS

TINY = {"hidden_size": 32, "num_heads": 2, "num_layers": 1, "max_frames": 24}


def told(frames: int = 20) -> tuple[torch.Tensor, torch.Tensor]:
    kept = torch.ones(2, frames, len(COLUMNS), dtype=torch.bool)
    kept[:, 5:12] = False
    return torch.randn(2, frames, 151, generator=torch.Generator().manual_seed(0)), kept


def taught() -> DeltaInterpolator:
    torch.manual_seed(0)
    model = DeltaInterpolator(**TINY).eval()
    torch.nn.init.normal_(model.delta_out.weight)
    return model


def test_untrained_it_answers_with_the_bridge():
    bridge, kept = told()
    assert torch.equal(DeltaInterpolator(**TINY)(bridge, kept), bridge)


def test_what_is_known_and_where_changes_the_answer():
    (bridge, kept), model = told(), taught()
    other = kept.clone()
    other[:, 12:14] = False
    arm = kept.clone()
    arm[:, 2:4, COLUMNS.index("left_shoulder")] = False
    answers = [model(bridge, each) for each in (kept, other, arm)]
    assert all((answers[0] - each).abs().max() > 1e-4 for each in answers[1:])


def test_clocks_count_from_the_last_known_frame_to_the_next():
    known = torch.tensor([[True, True, False, False, False, True]])
    since, until, share = (30 * clocks(known)[0]).T
    assert since.tolist() == [0, 0, 1, 2, 3, 0] and until.tolist() == [0, 0, 3, 2, 1, 0]
    assert (share / 30)[2:5].tolist() == pytest.approx([0.25, 0.5, 0.75])


def test_beyond_open_ends_the_known_frame_lies_just_outside():
    since, until, _ = (30 * clocks(torch.zeros(1, 3, dtype=torch.bool))[0]).T
    assert since.tolist() == [1, 2, 3] and until.tolist() == [3, 2, 1]


def test_saved_and_loaded_it_answers_the_same(tmp_path):
    (bridge, kept), model = told(), taught()
    model.save_pretrained(tmp_path)
    torch.testing.assert_close(DeltaInterpolator.from_pretrained(tmp_path)(bridge, kept), model(bridge, kept))


def test_more_frames_than_it_was_built_for_are_refused():
    with pytest.raises(ValueError, match="at most 24 frames at once, got 25"):
        taught()(*told(25))

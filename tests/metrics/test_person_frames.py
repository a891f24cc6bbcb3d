"""Share of person-frames with an answer."""

import pytest
import torch

from vimo_pipeline.metrics import person_frame_coverage


def test_two_people_by_hand():
    present = torch.tensor([[1, 1, 1, 0], [1, 0, 0, 0]])
    answered = torch.tensor([[1, 1, 0, 1], [0, 1, 0, 0]])  # two answers where nobody is do not count
    assert person_frame_coverage(present, answered) == 0.5
    assert person_frame_coverage(present, present) == 1
    assert person_frame_coverage(present, 0 * present) == 0


def test_wrong_frames_are_named():
    with pytest.raises(ValueError, match=r"one shape, got \[4\] and \[5\]"):
        person_frame_coverage(torch.ones(4), torch.ones(5))
    with pytest.raises(ValueError, match="nobody is present"):
        person_frame_coverage(torch.zeros(4), torch.ones(4))

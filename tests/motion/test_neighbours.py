"""Known frames on either side, against a slow search."""

import torch

from vimo_pipeline.motion.neighbours import frames_like, neighbours


def test_neighbours_are_those_that_a_search_finds():
    known = torch.rand(3, 20, 4, generator=torch.Generator().manual_seed(0)) > 0.8
    known[0, :, 0] = False
    before, after = neighbours(known)
    for clip, frame, column in torch.cartesian_prod(*map(torch.arange, known.shape)).tolist():
        there = known[clip, :, column].nonzero()[:, 0].tolist()
        assert before[clip, frame, column] == max((at for at in there if at <= frame), default=-1)
        assert after[clip, frame, column] == min((at for at in there if at >= frame), default=20)


def test_a_known_frame_is_its_own_neighbour():
    known = torch.ones(2, 5, dtype=torch.bool)
    assert all(torch.equal(each, frames_like(known)) for each in neighbours(known))

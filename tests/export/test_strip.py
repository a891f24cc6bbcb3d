"""Before above, after below."""

import cv2
import numpy as np
import pytest
import torch

from vimo_pipeline.export.preview import BACKDROP
from vimo_pipeline.export.strip import HEIGHT, WIDTH, _frames, write_strip

from ..data.conftest import swinging


def test_frames_that_were_not_known_are_empty_above_and_imagined_below(tmp_path):
    motion = swinging(20, seed=1)
    kept = torch.zeros(20)
    kept[:10] = 1
    write_strip(tmp_path / "strip.png", motion, motion, kept, figures=2)
    picture = cv2.imread(str(tmp_path / "strip.png"))[..., ::-1]
    assert picture.shape == (2 * HEIGHT, 2 * WIDTH, 3)
    above, below = picture[: HEIGHT - 30], picture[HEIGHT + 2 :]
    assert (above[:, WIDTH:] == np.array(BACKDROP)).all() and above[:, :WIDTH].std() > 10
    known, imagined = below[:, :WIDTH].astype(int), below[:, WIDTH:].astype(int)
    redder = [(half[..., 0] > half[..., 2] + 30).sum() for half in (known, imagined)]
    assert redder[0] == 0 and redder[1] > 500


@pytest.mark.parametrize(
    ("imagined", "shown"),
    [((300, 330), (270, 359)), ((0, 20), (0, 49)), ((640, 663), (610, 662)), ((0, 0), (0, 662))],
)
def test_a_picture_looks_around_what_was_imagined(imagined, shown):
    kept = torch.ones(663)
    kept[slice(*imagined)] = 0
    frames = _frames(kept, 10, around=30)
    assert (frames[0], frames[-1], len(frames)) == (*shown, 10)
    assert sum(kept[frame] == 0 for frame in frames) >= (3 if imagined[1] else 0)


def test_pictures_of_unequal_lengths_are_refused(tmp_path):
    with pytest.raises(ValueError, match="one length, got 20, 19, 20"):
        write_strip(tmp_path / "strip.png", swinging(20, seed=1), swinging(19, seed=1), torch.ones(20))
    assert not list(tmp_path.iterdir())

"""Before above, after below."""

import cv2
import numpy as np
import pytest
import torch

from vimo_pipeline.export.preview import BACKDROP
from vimo_pipeline.export.strip import HEIGHT, WIDTH, write_strip

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


def test_pictures_of_unequal_lengths_are_refused(tmp_path):
    with pytest.raises(ValueError, match="one length, got 20, 19, 20"):
        write_strip(tmp_path / "strip.png", swinging(20, seed=1), swinging(19, seed=1), torch.ones(20))
    assert not list(tmp_path.iterdir())

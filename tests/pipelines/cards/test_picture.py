"""The picture of a card shows what a pipeline makes of a clip."""

import pytest

from vimo_pipeline.pipelines.cards.picture import MOMENTS, WIDTH, write_card_picture

from ..conftest import keypoints_of

cv2 = pytest.importorskip("cv2")


def test_moments_stand_below_one_another(pipe, tmp_path):
    keypoints_of(24).save(tmp_path / "walk.npz")
    write_card_picture(tmp_path / "card.jpg", tmp_path / "walk.npz", pipe=pipe)
    picture = cv2.imread(str(tmp_path / "card.jpg"))
    height = len(picture) // MOMENTS
    first, second = picture[:height].astype(int), picture[height : 2 * height].astype(int)
    assert picture.shape[1] == WIDTH and abs(first - second).max() > 50

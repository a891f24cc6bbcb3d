import numpy as np
import pytest

from vimo_pipeline.keypoints.estimating.rtmpose import (
    box_around,
    crop_bilinear,
    decode_simcc,
    padded_to_aspect,
)


def test_simcc_peaks_are_positions_and_the_lower_peak_is_the_confidence():
    x, y = np.zeros((17, 384)), np.zeros((17, 512))
    x[np.arange(17), 20 * np.arange(17)], y[np.arange(17), 30 * np.arange(17)] = 0.9, 0.7
    pose = decode_simcc(x, y)
    assert np.allclose(pose[:, 0], 20 * np.arange(17) / 384) and np.allclose(
        pose[:, 1], 30 * np.arange(17) / 512
    )
    assert np.allclose(pose[:, 2], 0.7)


def test_a_whole_frame_crop_is_the_frame():
    frame = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    assert np.allclose(crop_bilinear(frame, np.array([0, 0, 30, 20]), 30, 20), frame)


def test_a_crop_follows_its_box_and_is_black_outside():
    across = np.broadcast_to(np.arange(100.0)[None, :, None], (80, 100, 3))
    crop = crop_bilinear(across, np.array([10, 20, 50, 60]), 20, 20)
    assert np.allclose(crop[:, :, 0], 10 + (np.arange(20) + 0.5) * 2 - 0.5)
    assert not crop_bilinear(across, np.array([-300, -300, -200, -200]), 8, 8).any()


@pytest.mark.parametrize("box", [[0, 0, 100, 10], [5, 5, 15, 400], [7, 7, 7, 7]])
def test_a_padded_box_has_the_aspect_and_holds_the_box(box):
    left, top, right, bottom = padded_to_aspect(np.array(box, float), 192 / 256)
    assert (right - left) / (bottom - top) == pytest.approx(192 / 256)
    assert left <= box[0] and top <= box[1] and right >= box[2] and bottom >= box[3]
    assert (left + right) / 2 == pytest.approx((box[0] + box[2]) / 2)


def test_only_sure_keypoints_make_the_box(walk):
    pose = walk(1)[0]
    expected = np.concatenate([pose[:, :2].min(0), pose[:, :2].max(0)])
    doubtful = np.concatenate([pose, [[9999, 9999, 0.1]]])
    assert np.allclose(box_around(doubtful), expected)

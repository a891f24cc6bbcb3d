"""What `vimo stream` shows, without a screen."""

import numpy as np
import pytest
import torch

from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import JOINT_NAMES

pytest.importorskip("cv2")
from vimo_pipeline.cli.live_view import HEIGHT, WIDTH, LiveView, beside, draw_body, followed


def standing(x: float = 0.0) -> np.ndarray:
    return forward_kinematics(torch.eye(3).repeat(24, 1, 1), torch.tensor([x, 0.95, 0.0])).numpy()


def test_the_body_is_in_the_middle_with_its_left_on_our_right():
    picture = draw_body(standing(), np.array([0.0, 0.95, 0.0])).astype(int)
    warm = picture[..., 0] - picture[..., 2] > 60
    cool = picture[..., 2] - picture[..., 0] > 60
    assert np.nonzero(warm)[1].mean() > WIDTH / 2 > np.nonzero(cool)[1].mean()


def test_the_camera_goes_after_the_body():
    middle = followed(None, standing()[JOINT_NAMES.index("pelvis")])
    for _ in range(60):
        middle = followed(middle, standing(2.0)[0])
    assert abs(middle[0] - 2) < 0.05
    there = draw_body(standing(2.0), middle)
    assert np.abs(there.astype(int) - draw_body(standing(), np.array([0.0, 0.95, 0.0]))).mean() < 12


def test_the_picture_stands_beside_the_body():
    points = np.zeros((17, 3))
    figure = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert beside(np.zeros((240, 320, 3), np.uint8), points, figure).shape == (HEIGHT, 640 + WIDTH, 3)


def test_without_a_screen_it_says_so(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(ValueError, match="--no-view"):
        LiveView()

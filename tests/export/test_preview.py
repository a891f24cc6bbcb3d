from pathlib import Path

import numpy as np
import pytest
import torch

from vimo_pipeline.export.preview import HEIGHT, WIDEST, draw_figure, preview_frames, write_preview
from vimo_pipeline.keypoints import Keypoints
from vimo_pipeline.motion import Motion
from vimo_pipeline.video import read_frames

pytest.importorskip("cv2")


def standing(frames: int = 3, *, x: float = 0.0, fps: float = 30.0) -> Motion:
    rotations = torch.zeros(frames, 24, 4)
    rotations[..., 3] = 1
    return Motion.from_rotations(rotations, torch.tensor([x, 0.973, 0.0]).expand(frames, 3), fps=fps)


def seen(frames: int = 3, *, width: int = 160, height: int = 120, confidence: float = 0.0) -> Keypoints:
    points = np.random.default_rng(0).uniform(20, 100, (frames, 17, 3)).astype(np.float32)
    points[..., 2] = confidence
    return Keypoints(points, 30.0, width, height)


def flat(frames: int, colour: int, *, width: int = 160, height: int = 120):
    return (np.full((height, width, 3), colour, np.uint8) for _ in range(frames))


def test_video_stands_left_of_the_figure():
    first = next(preview_frames([standing()], keypoints=seen(), frames=flat(3, 77)))
    assert first.shape == (HEIGHT, 640 + 480, 3) and first.dtype == np.uint8
    assert (first[:, :640] == 77).all()


def test_keypoints_are_drawn_into_the_video():
    first = next(preview_frames([standing()], keypoints=seen(confidence=1.0), frames=flat(3, 77)))
    assert (first[:, :640] != 77).any()


def test_without_a_video_the_ground_is_dark():
    first = next(preview_frames([standing()], keypoints=seen()))
    assert first[:, :640].max() < 60


def test_the_last_frame_stays_when_the_video_is_short():
    pictures = list(preview_frames([standing(3)], keypoints=seen(1), frames=flat(1, 77)))
    assert len(pictures) == 3
    assert (pictures[-1][:, :640] == 77).all()


def test_hypotheses_stand_side_by_side():
    motions = [standing(1), standing(1).turn(1.0), standing(1).turn(2.0)]
    picture = next(preview_frames(motions, keypoints=seen(1)))
    figures = picture[:, 640:].reshape(HEIGHT, 3, 300, 3).swapaxes(0, 1)
    assert all((figure != figures[0, 0, 0]).any() for figure in figures)
    assert (figures[0] != figures[1]).any() and (figures[1] != figures[2]).any()


def test_the_camera_follows_the_person():
    here, there = (next(draw_figure(standing(1, x=x), width=320)) for x in (0.0, 30.0))
    assert np.abs(here.astype(int) - there).mean() < 2


def test_wide_and_narrow_videos_keep_their_shape():
    wide = next(preview_frames([standing(1)], keypoints=seen(1, width=1000, height=100)))
    narrow = next(preview_frames([standing(1)], keypoints=seen(1, width=90, height=160)))
    assert wide.shape[1] == WIDEST + 480
    assert narrow.shape[1] == 270 + 480


def test_a_written_preview_can_be_read(tmp_path: Path):
    path = tmp_path / "walk.preview.mp4"
    write_preview(path, [standing(4)], keypoints=seen(4), frames=flat(4, 77))
    pictures = list(read_frames(path))
    assert len(pictures) == 4
    assert pictures[0].shape == (HEIGHT, 1120, 3)


def test_nothing_stays_behind_when_the_video_breaks(tmp_path: Path):
    def breaking():
        yield np.zeros((120, 160, 3), np.uint8)
        raise ValueError("truncated")

    with pytest.raises(ValueError, match="truncated"):
        write_preview(tmp_path / "walk.mp4", [standing(4)], keypoints=seen(4), frames=breaking())
    assert not list(tmp_path.iterdir())


def test_motions_must_match(tmp_path: Path):
    with pytest.raises(ValueError, match="at least one motion"):
        write_preview(tmp_path / "walk.mp4", [], keypoints=seen())
    for other in (standing(4), standing(3, fps=25.0)):
        with pytest.raises(ValueError, match="same frames and fps"):
            write_preview(tmp_path / "walk.mp4", [standing(3), other], keypoints=seen())

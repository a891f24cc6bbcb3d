"""The real estimator on real clips; without them, on a picture with nobody in it."""

from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.keypoints import coverage, find_people, keypoints_from_video, load_keypoints
from vimo_pipeline.keypoints.estimating.mediapipe_pose import mediapipe_world_landmarks
from vimo_pipeline.video import read_frames, write_video

pytest.importorskip("mediapipe", reason="the default estimator: pip install mediapipe==0.10.21")
CLIPS = Path(__file__).parents[2].parent / "shared" / "data" / "videos"
needs_clips = pytest.mark.skipif(not CLIPS.is_dir(), reason=f"needs the clips in {CLIPS}")


def clip(path: Path, name: str, *, fps: float, start: float, stop: float, max_side: int = 480) -> Path:
    write_video(path, read_frames(CLIPS / name, fps=fps, start=start, stop=stop, max_side=max_side), fps=fps)
    return path


@needs_clips
def test_a_person_is_followed_in_pixels_of_the_video(tmp_path):
    small = clip(tmp_path / "a.mp4", "football_juggle.mp4", fps=12, start=1, stop=2)
    large = clip(tmp_path / "b.mp4", "football_juggle.mp4", fps=12, start=1, stop=2, max_side=960)
    counted = []
    keypoints = keypoints_from_video(small, progress=lambda done, total: counted.append((done, total)))
    assert keypoints.fps == 30 and len(keypoints) == pytest.approx(30, abs=2)
    assert coverage(keypoints) == 1 and keypoints.confidence.mean() > 0.8
    assert counted[-1][0] == counted[-1][1] == 12  # looked at as often as the video has something new
    assert (keypoints.xy.min(), keypoints.xy[..., 0].max() < keypoints.width) > (0, True)
    twice = keypoints_from_video(large)
    assert twice.width == 2 * keypoints.width
    assert np.abs(twice.xy / 2 - keypoints.xy).mean() < 0.02 * keypoints.height


@needs_clips
def test_a_cut_between_people_is_marked_and_not_drawn_across(tmp_path):
    pictures = [
        read_frames(CLIPS / name, max_side=384, stop=0.7)
        for name in ("football_juggle.mp4", "hiphop_2step.mp4")
    ]
    frames = [frame[:208] for shot in pictures for frame in shot]
    write_video(tmp_path / "a.mp4", frames, fps=30)
    keypoints = keypoints_from_video(tmp_path / "a.mp4")
    assert keypoints.cuts == (21,)
    assert not keypoints.confidence[20:24].any() and keypoints.confidence[[19, 26]].any(-1).all()


@needs_clips
def test_one_frame_is_a_clip(tmp_path):
    write_video(tmp_path / "a.mp4", [next(read_frames(CLIPS / "football_juggle.mp4", max_side=480))], fps=30)
    keypoints = load_keypoints(tmp_path / "a.mp4")
    assert len(keypoints) == 1 and keypoints.confidence.mean() > 0.7
    assert [person.first_frame for person in find_people(tmp_path / "a.mp4")] == [0]


@needs_clips
def test_an_empty_room_holds_nobody(tmp_path):
    room = clip(tmp_path / "a.mp4", "onebyone_walk.mp4", fps=10, start=0, stop=5, max_side=768)
    with pytest.raises(ValueError, match="no person found"):
        keypoints_from_video(room)


@needs_clips
def test_world_landmarks_are_metres_around_the_hips():
    frames = list(read_frames(CLIPS / "football_juggle.mp4", max_side=480, stop=0.1))
    poses = list(mediapipe_world_landmarks(frames))
    assert len(poses) == len(frames) and poses[-1].shape == (17, 3)
    assert np.abs(poses[-1][[11, 12]].mean(0)).max() < 0.01
    assert 1.2 < np.ptp(poses[-1][:, 1]) < 2.0


def test_nobody_is_found_where_nobody_is(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (5, 96, 128, 3), dtype=np.uint8)
    write_video(tmp_path / "a.mp4", noise, fps=30)
    with pytest.raises(ValueError, match=r"no person found in .*a\.mp4: 5 frames looked at"):
        keypoints_from_video(tmp_path / "a.mp4")

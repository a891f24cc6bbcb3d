"""The example's truth is what its code makes, and the motion is one a person could do."""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from vimo_pipeline.keypoints import load_keypoints
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.skeleton import CONTACT_JOINTS, joint_indices
from vimo_pipeline.video import probe_video, read_frames

EXAMPLES = Path(__file__).parents[2] / "examples"
pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def names() -> dict:
    """All of examples/make_example_video.py."""
    sys.path.insert(0, str(EXAMPLES))  # examples are programs, not a package
    try:
        return runpy.run_path(str(EXAMPLES / "make_example_video.py"))
    finally:
        sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def motion(names) -> Motion:
    return names["example_motion"]()


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    with np.load(EXAMPLES / "example_truth.npz", allow_pickle=False) as file:
        return dict(file)


def test_the_truth_is_what_the_code_makes(motion, truth):
    torch.testing.assert_close(motion.rotations, torch.from_numpy(truth["rotations"]), atol=1e-5, rtol=0)
    torch.testing.assert_close(motion.root, torch.from_numpy(truth["root"]), atol=1e-6, rtol=0)
    torch.testing.assert_close(motion.joints(), torch.from_numpy(truth["joints"]), atol=1e-5, rtol=0)


def test_the_video_is_as_long_as_the_motion(motion, truth):
    info = probe_video(EXAMPLES / "example.mp4")
    assert info.frames == len(motion)
    assert info.fps == motion.fps
    assert (info.width, info.height) == (truth["width"], truth["height"])


def test_the_2d_truth_reads_as_keypoints_and_stays_in_the_picture(truth):
    keypoints = load_keypoints(EXAMPLES / "example_truth.npz")
    assert len(keypoints) == len(truth["joints"])
    seen = keypoints.xy[keypoints.confidence > 0]
    assert (seen > 0).all() and (seen < [keypoints.width, keypoints.height]).all()
    assert keypoints.confidence.mean() > 0.9


@pytest.mark.slow
def test_the_program_makes_the_first_frames_again(names, motion, truth, tmp_path, monkeypatch):
    pytest.importorskip("cv2")
    main = names["main"]
    monkeypatch.setitem(main.__globals__, "FOLDER", tmp_path)
    monkeypatch.setitem(main.__globals__, "example_motion", lambda: motion.frames(0, 3))
    main()
    with np.load(tmp_path / "example_truth.npz") as made:
        for name in ("joints", "keypoints", "camera_position"):
            np.testing.assert_allclose(made[name], truth[name][:3], atol=1e-3)
    old, new = (
        np.stack([frame for frame, _ in zip(read_frames(folder / "example.mp4"), range(3), strict=False)])
        for folder in (EXAMPLES, tmp_path)
    )
    assert old.shape == new.shape and np.abs(old.astype(int) - new).mean() < 2


def test_feet_stand_still_on_the_floor(motion):
    feet = motion.joints()[:, joint_indices(CONTACT_JOINTS)]
    assert feet[..., 1].min() > 0.015
    balls = slice(2, 4)  # ankles may rise while the ball of the foot stands
    lowest = feet[:, balls, 1].amin(1)
    assert lowest.max() < 0.03  # one foot or the other always carries the body
    standing = (feet[:-1, balls, 1] < 0.018) & (feet[1:, balls, 1] < 0.018)
    slide = feet[:, balls][..., [0, 2]].diff(dim=0).norm(dim=-1)
    assert slide[standing].max() < 0.004  # metres a frame


def test_nothing_jerks(motion):
    acceleration = motion.joints().diff(n=2, dim=0).norm(dim=-1) * motion.fps**2
    assert acceleration.max() < 100  # m/s^2: a fast hand reaches that, a glitch is far above it

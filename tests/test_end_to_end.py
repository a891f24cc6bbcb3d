"""The promise of the house, kept from pixels to files: the example video against its exact truth."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vimo_pipeline import ViMoPipeline, load_motion
from vimo_pipeline.keypoints import COCO_NAMES
from vimo_pipeline.keypoints.estimating.mediapipe_pose import mediapipe_world_landmarks
from vimo_pipeline.metrics import pa_mpjpe
from vimo_pipeline.motion.skeleton import joint_indices
from vimo_pipeline.pipelines.capture import CaptureResult, capture
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.video import read_frames

EXAMPLE = Path(__file__).parents[1] / "examples" / "example.mp4"
LIMBS = tuple(
    f"{side}_{joint}"
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)

pytestmark = pytest.mark.skipif(not BUNDLED_WEIGHTS.is_dir(), reason="the bundled weights are not here")


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    return dict(np.load(EXAMPLE.with_name("example_truth.npz"), allow_pickle=False))


@pytest.fixture(scope="module")
def captured(tmp_path_factory) -> CaptureResult:
    pipe = ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    return capture(EXAMPLE, tmp_path_factory.mktemp("example"), pipe=pipe, preview=False)


def limb_error(joints: torch.Tensor, truth: dict[str, np.ndarray]) -> float:
    """PA-MPJPE of the twelve limb joints in millimetres. joints: [T, 12, 3]."""
    true = torch.from_numpy(truth["joints"]).float()[:, joint_indices(LIMBS)]
    frames = min(len(joints), len(true))
    return 1000 * float(pa_mpjpe(joints[:frames], true[:frames]).mean())


def test_keypoints_are_within_two_percent_of_the_body_height(captured, truth):
    seen, true = captured.keypoints.points, truth["keypoints"]
    frames = min(len(seen), len(true))
    height = np.ptp(true[:frames, :, 1], axis=1)
    limbs = [index for index, name in enumerate(COCO_NAMES) if index > 4 and "hip" not in name]
    distance = np.linalg.norm(seen[:frames, limbs, :2] - true[:frames, limbs, :2], axis=-1)
    assert np.median(distance / height[:, None]) < 0.02
    assert len(seen) == pytest.approx(len(true), abs=1)


def test_the_motion_is_within_60_mm_of_the_truth(captured, truth):
    assert limb_error(captured.motions[0].joints()[:, joint_indices(LIMBS)], truth) <= 60


def test_the_motion_is_nearer_to_the_truth_than_mediapipes_own_landmarks(captured, truth):
    order = [COCO_NAMES.index(name) for name in LIMBS]
    landmarks = list(mediapipe_world_landmarks(read_frames(EXAMPLE, fps=30, max_side=640)))
    assert all(found is not None for found in landmarks)
    theirs = limb_error(torch.from_numpy(np.stack(landmarks)[:, order]).float(), truth)
    assert limb_error(captured.motions[0].joints()[:, joint_indices(LIMBS)], truth) <= theirs


def test_the_body_stands_on_the_floor_and_does_not_jitter(captured, truth):
    joints, true = captured.motions[0].joints(), torch.from_numpy(truth["joints"]).float()
    lowest = joints[..., 1].amin(1)
    assert lowest.median().abs() < 0.08 and lowest.min() > -0.2
    accelerations = [one.diff(n=2, dim=0).norm(dim=-1).mean() for one in (joints, true)]
    assert accelerations[0] < 1.5 * accelerations[1]


def test_every_file_holds_the_motion(captured):
    for suffix in ("glb", "bvh", "npz"):
        read = load_motion(captured.files[suffix][0])
        torch.testing.assert_close(read.joints(), captured.motions[0].joints(), atol=1e-3, rtol=0)

"""How well mediapipe sees the example: printed against the exact truth.

python examples/measure_detector.py
"""

from pathlib import Path

import numpy as np
import torch
from numpy import ndarray

from vimo_pipeline.keypoints.estimating.mediapipe_pose import MediaPipePose, mediapipe_world_landmarks
from vimo_pipeline.keypoints.keypoints import COCO_NAMES
from vimo_pipeline.metrics.pose_error import pa_mpjpe
from vimo_pipeline.motion.skeleton import joint_index
from vimo_pipeline.video import read_frames

FOLDER = Path(__file__).parent
LIMBS = COCO_NAMES[5:]  # shoulders, elbows, wrists, hips, knees, ankles


def main() -> None:
    """Print detection rate, 2D error, swapped sides, and the 3D error of mediapipe's own world landmarks."""
    truth = np.load(FOLDER / "example_truth.npz")
    with MediaPipePose() as pose:
        people = [pose.estimate(frame) for frame in read_frames(FOLDER / "example.mp4")]
    found = np.array([len(person) > 0 for person in people])
    seen = np.stack([person[0] for person in people if len(person)])
    exact, height = truth["keypoints"][found], body_height(truth)[found]
    error = np.linalg.norm(seen[..., :2] - exact[..., :2], axis=-1) / height[:, None] * 100
    print(f"frames {len(found)}, person found in {found.mean():.1%}, {np.median(height):.0f} pixels tall")
    print(f"2D error, % of body height: median {np.median(error):.2f}, 95 % {np.percentile(error, 95):.2f}")
    for name, column in zip(COCO_NAMES, error.T, strict=True):
        print(f"  {name:15s} median {np.median(column):5.2f}  95 % {np.percentile(column, 95):5.2f}")
    arms, legs = (swapped(seen, exact, limbs) for limbs in (slice(5, 11), slice(11, 17)))
    print(f"frames with left and right swapped: arms {arms}, legs {legs}")
    mean, median = world_error(truth)
    print(f"world landmarks, PA-MPJPE over 12 limb joints: mean {mean:.1f} mm, median {median:.1f} mm")


def body_height(truth: dict[str, ndarray]) -> ndarray:
    """Height in pixels that a person of 1.75 m standing upright where the pelvis is would have. [T]."""
    distance = np.linalg.norm(truth["camera_position"] - truth["root"], axis=-1)
    return 1.75 / distance * truth["height"] / 2 / np.tan(truth["camera_field_of_view"] / 2)


def swapped(seen: ndarray, exact: ndarray, limbs: slice) -> int:
    """Frames in which a group of keypoints fits better with left and right exchanged."""
    kept = np.linalg.norm(seen[:, limbs, :2] - exact[:, limbs, :2], axis=-1).sum(1)
    pairs = seen[:, limbs, :2].reshape(len(seen), -1, 2, 2)[:, :, ::-1].reshape(len(seen), -1, 2)
    return int((np.linalg.norm(pairs - exact[:, limbs, :2], axis=-1).sum(1) < kept).sum())


def world_error(truth: dict[str, ndarray]) -> tuple[float, float]:
    """Mean and median over the frames in which mediapipe sees somebody, millimetres."""
    world = list(mediapipe_world_landmarks(read_frames(FOLDER / "example.mp4")))
    found = [frame for frame, points in enumerate(world) if points is not None]
    guessed = torch.from_numpy(np.stack([world[frame][5:] for frame in found]))
    exact = torch.from_numpy(truth["joints"][found][:, [joint_index(name) for name in LIMBS]])
    error = 1000 * pa_mpjpe(guessed.double(), exact.double())
    return float(error.mean()), float(error.median())


if __name__ == "__main__":
    main()

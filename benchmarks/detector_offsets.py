"""Where a detector's keypoints sit on the skeleton: the constants of `keypoints/body_points.py`."""

from collections.abc import Iterator

import numpy as np
import torch
from detector_measures import error_in_metres, exchanged
from detector_views import Sightings
from numpy import ndarray

from vimo_pipeline.data.cameras import View
from vimo_pipeline.keypoints.body_points import attachment
from vimo_pipeline.keypoints.keypoints import COCO_NAMES
from vimo_pipeline.motion.skeleton import joint_index

LIKELY = 0.5  # confidence
FARTHEST = 0.25  # metres off the present offset: further away is a mistake, not an offset
HUBER = 0.02  # metres: errors beyond it weigh only linearly


def fit_offsets(seen: Sightings, view: View) -> Iterator[tuple[str, ndarray, int]]:
    """Each keypoint of the middle and the left, its offset in the carrying joint's frame (metres to the left,
    up and forward) and the number of sightings. The right side is mirrored and joins in."""
    for name in COCO_NAMES:
        if not name.startswith("right"):
            sides = [name, name.replace("left", "right")] if name.startswith("left") else [name]
            pairs = [equations(side, seen, view) for side in sides]
            matrix, target = (np.concatenate(part) for part in zip(*pairs, strict=True))
            yield name, robust_least_squares(matrix, target), len(target)


def equations(name: str, seen: Sightings, view: View) -> tuple[ndarray, ndarray]:
    """Matrix [N, 2, 3] and target [N, 2] metres: the offset must carry the joint onto the line of sight.

    With c the joint and M o the offset along the camera's axes, and u the sighting at depth 1, the keypoint
    is seen at u where (c + M o)_xy = -u (c + M o)_z, which is linear in o.
    """
    index, joint = COCO_NAMES.index(name), joint_index(attachment(name)[0])
    points = torch.from_numpy(seen.raw)
    mirror = torch.tensor([-1.0 if name.startswith("right") else 1.0, 1.0, 1.0])
    axes = view.world_to_camera @ torch.from_numpy(seen.orientations)[:, :, joint] * mirror  # [N, T, 3, 3]
    from_eye = torch.from_numpy(seen.positions)[:, :, joint] - torch.from_numpy(seen.eye)
    centre = (view.world_to_camera @ from_eye[..., None])[..., 0]
    sight = (
        points[..., index, :2] * torch.tensor([1.0, -1.0]) / torch.from_numpy(seen.focal_length)[..., None]
    )
    matrix = axes[..., :2, :] + sight[..., None] * axes[..., 2:, :]
    target = -sight * centre[..., 2:] - centre[..., :2]
    if name == "nose":
        matrix = matrix * torch.tensor([0.0, 1.0, 1.0])  # in the middle
    legs, body = exchanged(points, view)
    near = error_in_metres(points, view)[..., index, :].norm(dim=-1) < FARTHEST
    usable = (points[..., index, 2] > LIKELY) & near & ~legs & ~body
    return matrix[usable].numpy(), target[usable].numpy()


def robust_least_squares(matrix: ndarray, target: ndarray, *, rounds: int = 15) -> ndarray:
    """x of the least Huber loss of target - matrix x, by reweighting. matrix: [N, 2, 3], target: [N, 2]."""
    weight = np.ones(len(target))
    for _ in range(rounds):
        root = np.sqrt(weight)[:, None]
        x = np.linalg.lstsq((root[..., None] * matrix).reshape(-1, 3), (root * target).ravel(), rcond=None)[0]
        off = np.linalg.norm(target - matrix @ x, axis=-1)
        weight = HUBER / off.clip(min=HUBER)
    return x

"""Moving a predicted motion down the gradient of its re-projection error.

A body has far more freedom than a picture shows, so each step is the smallest turn of the joints that
explains the picture (damped least squares; Levenberg 1944): turns that a picture cannot show, those of hidden
limbs among them, stay zero. The step is averaged over time, so it adds no jitter.
"""

import torch
from torch import Tensor

from ...keypoints.body_points import CARRIERS, coco_from_joints
from ...motion.features import unpack_features
from ...motion.kinematics import joint_transforms
from ...motion.rotations import axis_angle_to_matrix
from ...motion.skeleton import JOINT_NAMES, PARENTS
from .camera_solving import average_within_shot, solve_cameras

STEP_SMOOTHING = 4.0  # frames
_DAMPING = 0.2  # square metres: larger than what the keypoints' errors deserve, as steps are repeated
_OUTLIER = 0.15  # metres: points further off than this are trusted less and less (Geman and McClure 1985)
# How freely joints turn. The whole body keeps its heading and lean, which a picture hardly shows.
_FREE = {"pelvis": 0.1, "spine1": 0.3, "spine2": 0.3, "spine3": 0.3, "neck": 0.5, "head": 0.5,
         "left_collar": 0.5, "right_collar": 0.5}  # fmt: skip
_FREEDOM = torch.tensor([_FREE.get(name, 1.0) for name in JOINT_NAMES])
_ABOVE = [max(parent, 0) for parent in PARENTS]


def follow_picture(
    features: Tensor, keypoints: Tensor, shots: Tensor, *, turn: Tensor, strength: float
) -> Tensor:
    """Motions whose body points lie nearer to the keypoints, [B, W, 151].

    features: [B, W, 151] not normalised; keypoints: [B, W, 17, 3] normalised; shots: [B, W]; turn: the
    cameras', [B, W, 3, 3]; strength: 0 leaves the motion alone, 1 is a whole step.
    """
    motion = unpack_features(features)
    orientations, positions = joint_transforms(motion.rotations, torch.zeros_like(motion.root))
    error, weights, slopes = _error(orientations, positions, keypoints, shots, turn)
    step = average_within_shot(_smallest_turns(error, weights, slopes), shots, STEP_SMOOTHING)
    return motion._replace(rotations=_turned(motion.rotations, orientations, strength * step)).pack()


def _error(
    orientations: Tensor, positions: Tensor, keypoints: Tensor, shots: Tensor, turn: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Metres to move, [B, W, 17, 2], how much each counts, [B, W, 17], and slopes, [B, W, 17, 2, 24, 3]."""
    points = coco_from_joints(orientations, positions)
    confidence = keypoints[..., 2]
    cameras = solve_cameras(points, keypoints, shots, turn=turn)
    placed = cameras.place(points)
    error = cameras.lay(keypoints[..., :2], placed[..., 2]) - placed[..., :2]
    error = torch.where(confidence[..., None] > 0, error, 0.0)
    weights = confidence / (1 + error.square().sum(-1) / _OUTLIER**2)
    return error, weights, _slopes(points, positions, turn)


def _slopes(points: Tensor, positions: Tensor, turn: Tensor) -> Tensor:
    """Metres right and up that a point moves per radian of each joint about the world's axes."""
    arms = points[..., :, None, :] - positions[..., None, :, :]  # [B, W, 17, 24, 3]
    # The axis e of the camera sees e . (w x arm) = w . (arm x e) of a turn w.
    axes = turn[..., None, :2, None, :]  # [B, W, 1, 2, 1, 3]
    slopes = torch.linalg.cross(*torch.broadcast_tensors(arms[..., None, :, :], axes))
    return slopes * (_CARRIED * _FREEDOM).to(points)[:, None, :, None]


def _smallest_turns(error: Tensor, weights: Tensor, slopes: Tensor) -> Tensor:
    """Damped least squares in its dual form: 34 equations a frame instead of 72. [B, W, 24, 3] radians."""
    root = weights.sqrt()[..., None]
    matrix = (slopes * root[..., None, None]).flatten(-2).flatten(-3, -2)  # [B, W, 34, 72]
    known = (root * error).flatten(-2)[..., None]
    damped = matrix @ matrix.mT + _DAMPING * torch.eye(matrix.shape[-2]).to(matrix)
    turns = (matrix.mT @ torch.linalg.solve(damped, known)).view(*slopes.shape[:2], *slopes.shape[-2:])
    return _FREEDOM.to(turns)[:, None] * turns


def _turned(rotations: Tensor, orientations: Tensor, turns: Tensor) -> Tensor:
    """Joint rotations after a turn of each joint about the world's axes. [B, W, 24, 3, 3]."""
    above = orientations[..., _ABOVE, :, :].clone()
    above[..., 0, :, :] = torch.eye(3).to(above)
    return above.mT @ axis_angle_to_matrix(turns) @ above @ rotations


def _carried() -> Tensor:
    """1 where a joint carries a keypoint along, [17, 24]."""
    carried = torch.zeros(len(CARRIERS), len(PARENTS))
    for keypoint, joint in enumerate(CARRIERS):
        while joint >= 0:
            carried[keypoint, joint] = 1
            joint = PARENTS[joint]
    return carried


_CARRIED = _carried()

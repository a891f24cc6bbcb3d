"""The camera of every frame, in closed form from predicted joints and from what was seen of them.

Nothing is known about the camera but this: within a shot it turns and zooms slowly, and at a cut all of it
changes. So every sum of the least-squares problems runs over the neighbouring frames of the same shot.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from ...keypoints.keypoints import COCO_NAMES
from ...motion.skeleton import JOINT_NAMES

TURN_SMOOTHING = 15.0  # frames: deviation of the Gaussian over which a camera's turn is averaged
SCALE_SMOOTHING = 5.0
_CLOSEST = 0.6  # 1 / metres: no camera is nearer than 1.7 m
_FAR = 0.04  # square metres: how much a kept frame must say for its perspective to be believed
_TRUNK = [COCO_NAMES.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right")]
# The trunk tells how a body is turned, and limbs that two estimates disagree about do not.
_STEADY = ("pelvis", "spine1", "spine2", "spine3", "neck", "left_hip", "right_hip", "left_collar",
           "right_collar", "left_shoulder", "right_shoulder")  # fmt: skip
_STEADINESS = torch.tensor([6.0 if name in _STEADY else 1.0 for name in JOINT_NAMES])


class Cameras(NamedTuple):
    """A camera a frame, around the pelvis. With closeness 0 it is scaled-orthographic."""

    turn: Tensor  # [B, W, 3, 3] world to camera: rows right, up and towards the camera
    size: Tensor  # [B, W] metres in a unit of the keypoints
    closeness: Tensor  # [B, W] 1 / distance in metres
    shift: Tensor  # [B, W, 2] metres: where the picture's middle lies from the pelvis

    def place(self, points: Tensor) -> Tensor:
        """World points around the pelvis along the camera's axes, metres. [B, W, N, 3]."""
        return points @ self.turn.mT

    def lay(self, picture: Tensor, depth: Tensor) -> Tensor:
        """Picture points at a depth, metres right and up in camera axes. [B, W, N, 2], [B, W, N]."""
        wide = self.size[..., None, None] * picture
        return wide * self._nearness(depth) + self.shift[..., None, :]

    def project(self, placed: Tensor) -> Tensor:
        """Points along the camera's axes, [B, W, N, 3], where the picture has them, [B, W, N, 2]."""
        flat = (placed[..., :2] - self.shift[..., None, :]) / self.size[..., None, None]
        return flat / self._nearness(placed[..., 2])

    def _nearness(self, depth: Tensor) -> Tensor:
        """Distance of points as a share of the pelvis's, [B, W, N, 1]."""
        return (1 - self.closeness[..., None] * depth).clamp(min=0.3)[..., None]


def solve_cameras(points: Tensor, keypoints: Tensor, shots: Tensor, *, turn: Tensor) -> Cameras:
    """The cameras that see body points closest to their keypoints, weighted by confidence.

    points: [B, W, 17, 3] around the pelvis, metres; keypoints: [B, W, 17, 3] normalised; shots: [B, W];
    turn: [B, W, 3, 3]. At a depth z, X = a k - c k z + b is linear in size a, c = a * closeness and shift b.
    """
    placed, confidence = points @ turn.mT, keypoints[..., 2:]
    near = keypoints[..., :2] * placed[..., 2:]
    middle, aside, aim = (
        _weighted_mean(each, confidence) for each in (keypoints[..., :2], near, placed[..., :2])
    )
    k, kz, x = keypoints[..., :2] - middle, near - aside, placed[..., :2] - aim
    products = torch.stack([k * k, k * kz, kz * kz, k * x, kz * x], -1)  # [B, W, 17, 2, 5]
    sums = (products * confidence[..., None]).sum((2, 3))
    kk, kkz, kzkz, kx, kzx = average_within_shot(sums, shots, SCALE_SMOOTHING).unbind(-1)
    kzkz, kk = kzkz + _FAR, kk + 1e-6
    determinant = (kk * kzkz - kkz.square()).clamp(min=1e-9)
    size = ((kx * kzkz - kzx * kkz) / determinant).clamp(0.1, 5.0)
    closeness = ((kx * kkz - kzx * kk) / determinant / size).clamp(0, _CLOSEST)
    size = ((kx + size * closeness * kkz) / kk).clamp(0.1, 5.0)  # again, as the closeness may have been cut
    shift = aim - size[..., None, None] * (middle - closeness[..., None, None] * aside)
    return Cameras(turn, size, closeness, shift[..., 0, :])


def solve_turns(joints: Tensor, camera_joints: Tensor, confidence: Tensor, shots: Tensor) -> Tensor:
    """How the camera is turned, world to camera, [B, W, 3, 3].

    joints: [B, W, 24, 3] predicted in the world; camera_joints: [B, W, 24, 3] as the encoder sees them along
    the camera's axes. Two dimensions alone leave open whether a body is seen from the front or from behind.
    """
    steadiness = _STEADINESS.to(joints)[:, None]
    centred = (each - _weighted_mean(each, steadiness) for each in (joints, camera_joints))
    turns = nearest_rotation(*(steadiness.sqrt() * each for each in centred))
    seen = confidence[..., _TRUNK].mean(-1) + 1e-3
    return _to_rotation(average_within_shot(turns * seen[..., None, None], shots, TURN_SMOOTHING))


def nearest_rotation(points: Tensor, target: Tensor) -> Tensor:
    """The rotation R with R @ point nearest to target by least squares (Kabsch 1976), [..., 3, 3]."""
    return _to_rotation(target.mT @ points)


def _to_rotation(matrices: Tensor) -> Tensor:
    """The nearest rotation to any matrix, [..., 3, 3]."""
    left, stretch, right = torch.linalg.svd(matrices)
    signs = torch.ones_like(stretch)
    signs[..., -1] = torch.linalg.det(left @ right).sign()
    return left * signs[..., None, :] @ right


def average_within_shot(curves: Tensor, shots: Tensor, deviation: float) -> Tensor:
    """A Gaussian over time that never looks across a cut. curves: [B, W, ...]; shots: [B, W]."""
    frames = torch.arange(shots.shape[1], device=curves.device, dtype=curves.dtype)
    weights = torch.exp(-0.5 * ((frames[:, None] - frames) / deviation).square())
    weights = weights * (shots[:, :, None] == shots[:, None, :])
    weights = weights / weights.sum(-1, keepdim=True)  # [B, W, W]
    return (weights @ curves.flatten(2)).view_as(curves)


def _weighted_mean(points: Tensor, weights: Tensor) -> Tensor:
    return (points * weights).sum(-2, keepdim=True) / weights.sum(-2, keepdim=True).clamp(min=1e-6)

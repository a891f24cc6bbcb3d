"""How far joints are from where they should be, in metres: MPJPE and its aligned kin."""

import torch
from torch import Tensor

from .joints_of import Measured, joints_of_both


def mpjpe(predicted: Measured, truth: Measured) -> Tensor:
    """Mean per-joint position error with both roots (joint 0) at the origin, metres (Ionescu et al. 2014).

    mean over joints of |(p_j - p_0) - (q_j - q_0)|. Two motions -> [T], or joints [..., J, 3] twice -> [...].
    0 is perfect; a body that is only turned is wrong. Against the truth of another motion, which is chance,
    held-out CMU clips have 0.29 and Bandai's, which resemble each other, 0.11.
    """
    predicted, truth = (joints - joints[..., :1, :] for joints in joints_of_both(predicted, truth))
    return (predicted - truth).norm(dim=-1).mean(-1)


def pa_mpjpe(predicted: Measured, truth: Measured) -> Tensor:
    """MPJPE after the best rotation, translation and scale of every frame, metres (Martinez et al. 2017).

    Two motions -> [T], or joints [..., J, 3] twice -> [...]. 0 is perfect. Regression from images reaches
    0.045 to 0.06 on 3DPW; another motion is at 0.17 (held-out CMU) or 0.06 (Bandai).
    """
    predicted, truth = joints_of_both(predicted, truth)
    return (procrustes(predicted, truth) - truth).norm(dim=-1).mean(-1)


def procrustes(points: Tensor, target: Tensor) -> Tensor:
    """The points moved, turned and scaled onto the target in the least-squares sense. [..., N, 3] twice."""
    matrix, shift = similarity(points, target)
    return points @ matrix.mT + shift


def similarity(points: Tensor, target: Tensor, *, scaled: bool = True) -> tuple[Tensor, Tensor]:
    """Matrix [..., 3, 3] and shift [..., 1, 3] that lay points onto the target best (Umeyama 1991).

    The matrix is a rotation times a scale, or a rotation alone.
    """
    middle, aim_middle = points.mean(-2, keepdim=True), target.mean(-2, keepdim=True)
    moved, aim = points - middle, target - aim_middle
    left, stretch, right = torch.linalg.svd(aim.mT @ moved)
    signs = torch.ones_like(stretch)
    signs[..., -1] = torch.linalg.det(left @ right).sign()
    matrix = left * signs[..., None, :] @ right
    if scaled:
        scale = (stretch * signs).sum(-1) / moved.square().sum((-1, -2)).clamp(min=1e-12)
        matrix = scale[..., None, None] * matrix
    return matrix, aim_middle - middle @ matrix.mT

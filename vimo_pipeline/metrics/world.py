"""How far a motion is from the truth in the world, in metres: the body's path counts."""

from torch import Tensor

from .pose_error import similarity


def wa_mpjpe(predicted: Tensor, truth: Tensor) -> Tensor:
    """World-aligned MPJPE: one similarity lays the whole clip onto the truth. [T, J, 3] twice -> [T].

    As WHAM (Shin et al. 2024), which does so for every 100 frames.
    """
    matrix, shift = similarity(predicted.flatten(0, 1), truth.flatten(0, 1))
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1).mean(-1)


def w_mpjpe(predicted: Tensor, truth: Tensor) -> Tensor:
    """World MPJPE: the first two frames are laid onto the truth, so drift shows. [T, J, 3] twice -> [T]."""
    matrix, shift = similarity(predicted[:2].flatten(0, 1), truth[:2].flatten(0, 1))
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1).mean(-1)


def root_trajectory_error(predicted: Tensor, truth: Tensor) -> Tensor:
    """Distance of the root from its true path after the best turn and shift of the path. [T, 3] twice -> [T].

    WHAM divides it by the length of the path, which says little of people who stay where they are.
    """
    matrix, shift = similarity(predicted, truth, scaled=False)
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1)

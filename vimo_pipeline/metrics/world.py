"""How far a motion is from the truth in the world, in metres: the body's path counts."""

from torch import Tensor

from ..motion import Motion
from .joints_of import Measured, joints_of_both
from .pose_error import similarity


def wa_mpjpe(predicted: Measured, truth: Measured) -> Tensor:
    """World-aligned MPJPE: one similarity lays the whole clip onto the truth, metres.

    mean over joints of |s R p + t - q| with the one s, R, t of least squares (Ye et al. 2023; WHAM, Shin et
    al. 2024, which does so for every 100 frames). Two motions, or joints [T, J, 3] twice -> [T]. 0 is
    perfect; the truth of another motion, which is chance, has 0.37 (held-out CMU) or 0.08 (Bandai).
    """
    predicted, truth = joints_of_both(predicted, truth)
    matrix, shift = similarity(predicted.flatten(0, 1), truth.flatten(0, 1))
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1).mean(-1)


def w_mpjpe(predicted: Measured, truth: Measured) -> Tensor:
    """World MPJPE: the first two frames are laid onto the truth, so drift shows, metres.

    As `wa_mpjpe` with s, R, t of those frames only. Two motions, or joints [T, J, 3] twice -> [T]. 0 is
    perfect, another motion has 0.62 (CMU) or 0.26 (Bandai) over 100 frames; it grows with the length.
    """
    predicted, truth = joints_of_both(predicted, truth)
    matrix, shift = similarity(predicted[:2].flatten(0, 1), truth[:2].flatten(0, 1))
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1).mean(-1)


def root_trajectory_error(predicted: Motion | Tensor, truth: Motion | Tensor) -> Tensor:
    """RTE: distance of the root from its true path after the best turn and shift of the path, metres.

    |R p + t - q|, no scale. Two motions, or paths [T, 3] twice -> [T]. 0 is perfect, the path of another
    motion has 0.60 (held-out CMU) or 0.11 (Bandai). WHAM divides it by the length of the path, which says
    little of people who stay where they are.
    """
    predicted, truth = (each[..., 0, :] for each in joints_of_both(_path(predicted), _path(truth)))
    matrix, shift = similarity(predicted, truth, scaled=False)
    return (predicted @ matrix.mT + shift - truth).norm(dim=-1)


def _path(measured: Motion | Tensor) -> Measured:
    """A path [T, 3] as that of a body with one joint."""
    return measured if isinstance(measured, Motion) else measured[..., None, :]

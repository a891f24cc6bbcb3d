"""Whether feet stand where they stand: slide and contact labels."""

from torch import Tensor

from ..motion.skeleton import CONTACT_JOINTS, joint_indices

_FEET = joint_indices(CONTACT_JOINTS)


def foot_skate(joints: Tensor, contacts: Tensor, *, fps: float) -> Tensor:
    """Mean speed over the floor, m/s, of feet while they are planted; a scalar, nan if they never are.

    joints: [T, 24, 3] metres, y up; contacts: [T, 4], those of the truth where there is one, as in GVHMR.
    The truth's own is not 0 (held-out CMU clips 0.09, Bandai's 0.02): contact means slower than 0.3 m/s.
    """
    speed = (joints[:, _FEET][..., [0, 2]].diff(dim=0) * fps).norm(dim=-1)  # [T - 1, 4]
    planted = contacts[:-1] > 0.5
    return speed[planted].mean()


def contact_f1(predicted: Tensor, truth: Tensor) -> Tensor:
    """Harmonic mean of precision and recall of contact labels, [T, 4] twice -> a scalar in [0, 1].

    Always saying "planted" scores 2p / (1 + p) where feet are planted for a share p of the time.
    """
    said, true = predicted > 0.5, truth > 0.5
    return 2 * (said & true).sum() / (said.sum() + true.sum()).clamp(min=1)

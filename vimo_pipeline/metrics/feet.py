"""Whether feet stand where they stand: slide and contact labels."""

from torch import Tensor

from ..data.clips import TOE_HEIGHT
from ..motion.skeleton import CONTACT_JOINTS, joint_indices

_FEET = joint_indices(CONTACT_JOINTS)
_LOW = (0.08, 0.08, 0.05, 0.05)  # metres: Lodge's ankles and toes of a foot on the floor
_SLIDING = 0.3  # m/s: Lodge's 0.01 m a frame at 30 fps


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

    Always saying "planted" scores 2p / (1 + p) where feet are planted for a share p of the time. nan if
    neither ever says so.
    """
    said, true = predicted > 0.5, truth > 0.5
    return 2 * (said & true).sum() / (said.sum() + true.sum())


def foot_skating_ratio(joints: Tensor, *, fps: float) -> Tensor:
    """Share of frames on the floor in which a foot slides, by Lodge's rule (Li et al. 2024); a scalar.

    joints: [T, 24, 3] metres, y up. A foot is on the floor with its ankle at most 8 cm and its toe at most
    5 cm over a standing toe joint, and slides if either is faster than 0.3 m/s over the floor. Lodge takes
    the first frame for standing and the mean of the two components for speed, which misses slides along a
    diagonal; here the floor is y = 0 and speed is a length. nan if no foot ever comes down. Both feet
    count together; Lodge averages two ratios. A statue scores 0. People do not, as a foot that rolls off is
    still low: held-out CMU clips have 0.23, Bandai's 0.11.
    """
    feet = joints[:, _FEET]
    low = feet[:-1, :, 1] - TOE_HEIGHT <= feet.new_tensor(_LOW)  # [T - 1, 4]: ankles, then toes
    fast = (feet[..., [0, 2]].diff(dim=0) * fps).norm(dim=-1) > _SLIDING
    down, slides = low[:, :2] & low[:, 2:], fast[:, :2] | fast[:, 2:]  # [T - 1, 2]
    return slides[down].to(joints.dtype).mean()

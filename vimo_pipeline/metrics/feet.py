"""Whether feet stand where they stand: slide and contact labels."""

from torch import Tensor

from ..data.clips import TOE_HEIGHT
from ..motion import Motion
from ..motion.skeleton import CONTACT_JOINTS, NUM_JOINTS, joint_indices
from .joints_of import Measured, joints_of, rate_of

_FEET = joint_indices(CONTACT_JOINTS)
_LOW = (0.08, 0.08, 0.05, 0.05)  # metres: Lodge's ankles and toes of a foot on the floor
_SLIDING = 0.3  # m/s: Lodge's 0.01 m a frame at 30 fps


def foot_skate(
    measured: Measured, contacts: Motion | Tensor | None = None, *, fps: float | None = None
) -> Tensor:
    """Mean speed over the floor, m/s, of feet while they are planted; a scalar, nan if they never are.

    mean of |(x, z)_i+1 - (x, z)_i| fps over the planted ankles and toes. A motion, or joints [T, 24, 3] in
    metres, y up, and their fps. contacts: [T, 4] or the motion that has them, the truth where there is one,
    as in GVHMR; a motion alone is measured at its own. 0 is best and a statue has it. The truth's own is not
    0 (held-out CMU clips 0.08, Bandai's 0.02): contact means slower than 0.3 m/s.
    """
    joints, labels = _feet(measured), _contacts(measured if contacts is None else contacts)
    if len(joints) != len(labels):
        raise ValueError(f"lengths differ: {len(joints)} frames of joints, {len(labels)} of contacts")
    speed = (joints[..., [0, 2]].diff(dim=0) * rate_of(measured, fps=fps)).norm(dim=-1)  # [T - 1, 4]
    planted = labels[:-1] > 0.5
    return speed[planted].mean()


def contact_f1(predicted: Motion | Tensor, truth: Motion | Tensor) -> Tensor:
    """Harmonic mean of precision and recall of contact labels, a scalar in [0, 1]; 1 is perfect.

    2 TP / (2 TP + FP + FN) over motions or labels [T, 4]. By chance: always saying "planted" scores
    2p / (1 + p) where feet are planted for a share p of the time. Labels of another motion have 0.53
    (held-out CMU) or 0.75 (Bandai). nan if neither ever says so.
    """
    said, true = (_contacts(each) > 0.5 for each in (predicted, truth))
    if said.shape != true.shape:
        raise ValueError(f"contacts must have one shape, got {list(said.shape)} and {list(true.shape)}")
    return 2 * (said & true).sum() / (said.sum() + true.sum())


def foot_skating_ratio(measured: Measured, *, fps: float | None = None) -> Tensor:
    """Share of frames on the floor in which a foot slides, by Lodge's rule (Li et al. 2024); a scalar.

    A motion, or joints [T, 24, 3] in metres, y up, and their fps. A foot is on the floor with its ankle at
    most 8 cm and its toe at most 5 cm over a standing toe joint, and slides if either is faster than 0.3 m/s
    over the floor. Lodge takes the first frame for standing and the mean of the two components for speed,
    which misses slides along a diagonal; here the floor is y = 0 and speed is a length. nan if no foot ever
    comes down. Both feet count together; Lodge averages two ratios. 0 is best and a statue has it. People do
    not, as a foot that rolls off is still low: held-out CMU clips have 0.22, Bandai's 0.11.
    """
    feet, rate = _feet(measured), rate_of(measured, fps=fps)
    low = feet[:-1, :, 1] - TOE_HEIGHT <= feet.new_tensor(_LOW)  # [T - 1, 4]: ankles, then toes
    fast = (feet[..., [0, 2]].diff(dim=0) * rate).norm(dim=-1) > _SLIDING
    down, slides = low[:, :2] & low[:, 2:], fast[:, :2] | fast[:, 2:]  # [T - 1, 2]
    return slides[down].to(feet.dtype).mean()


def _feet(measured: Measured) -> Tensor:
    """Ankles and toes, [T, 4, 3]."""
    joints = joints_of(measured)
    if joints.shape[-2] != NUM_JOINTS:
        raise ValueError(f"feet are those of the SMPL-24 skeleton, got {joints.shape[-2]} joints")
    return joints[:, _FEET]


def _contacts(measured: Motion | Tensor) -> Tensor:
    """Labels of ankles and toes, [T, 4]."""
    labels = measured.contacts if isinstance(measured, Motion) else measured
    if labels.shape[-1] != len(_FEET):
        raise ValueError(
            f"contacts must be [T, {len(_FEET)}], got {list(labels.shape)}; beside joints give contacts="
        )
    return labels

"""How smoothly joints move, against the truth or alone. Joints in metres, [T, J, 3]."""

from torch import Tensor


def acceleration_error(predicted: Tensor, truth: Tensor, *, fps: float) -> Tensor:
    """Distance of the joints' accelerations from the true ones, m/s² (Kanazawa et al. 2019), [T - 2]."""
    return ((predicted - truth).diff(n=2, dim=0) * fps**2).norm(dim=-1).mean(-1)


def jitter(joints: Tensor, *, fps: float) -> Tensor:
    """Length of the joints' third derivative, m/s³, [T - 3]. Divide by 10 for the unit of GVHMR's tables.

    People have jitter too (the held-out CMU clips 263 m/s³, Bandai's 48), so it belongs beside that of the
    truth; a statue has none.
    """
    return (joints.diff(n=3, dim=0) * fps**3).norm(dim=-1).mean(-1)

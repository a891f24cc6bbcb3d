"""How smoothly joints move, against the truth or alone."""

from torch import Tensor

from .joints_of import Measured, joints_of, joints_of_both, rate_of


def acceleration_error(predicted: Measured, truth: Measured, *, fps: float | None = None) -> Tensor:
    """Distance of the joints' accelerations from the true ones, m/s² (Kanazawa et al. 2019).

    mean over joints of |a_j - b_j|, a = (p_i+1 - 2 p_i + p_i-1) fps². Two motions, or joints [T, J, 3] twice
    and their fps -> [T - 2]. 0 is perfect; a statue has the mean acceleration of the truth, another
    motion 14 (held-out CMU) or 3.9 (Bandai).
    """
    rate = rate_of(predicted, truth, fps=fps)
    predicted, truth = joints_of_both(predicted, truth)
    return ((predicted - truth).diff(n=2, dim=0) * rate**2).norm(dim=-1).mean(-1)


def jitter(measured: Measured, *, fps: float | None = None) -> Tensor:
    """Length of the joints' third derivative, m/s³. Divide by 10 for the unit of GVHMR's tables.

    mean over joints of |p_i+3 - 3 p_i+2 + 3 p_i+1 - p_i| fps³ (Yi et al. 2021). A motion, or joints [T, J, 3]
    and their fps -> [T - 3]. Good is the truth's: people have jitter too (the held-out CMU clips 274 m/s³,
    Bandai's 56); a statue has none, and white noise of 1 mm at 30 fps about 190.
    """
    rate = rate_of(measured, fps=fps)
    return (joints_of(measured).diff(n=3, dim=0) * rate**3).norm(dim=-1).mean(-1)

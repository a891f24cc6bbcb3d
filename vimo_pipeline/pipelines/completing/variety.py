"""How the noise of hypotheses differs: in where a body goes, slowly, more than in how it moves.

Between known ends the middle of what could be is near to any truth, and noise in all directions at once only
leads away from it. Where people differ most is their path, over seconds and not from frame to frame.
"""

import torch
from torch import Tensor

from ...motion.smoothing import gaussian_average, gaussian_weights

_POSE, _PATH = 0.5, 0.6  # of the noise that was trained, chosen for gaps of CMU's validation clips
_SLOW = 20.0  # frames: deviation of the Gaussian over the path's noise


def varied(noise: Tensor, temperature: float) -> Tensor:
    """The noise that denoising starts from, [N, T, 151]: fainter for poses, slow for the root.

    noise: [N, T, 151] normal; temperature: how loud it is, 0 for none.
    """
    slow = gaussian_average(noise[..., -3:], _SLOW) / gaussian_weights(_SLOW).norm()  # loud as before
    return temperature * torch.cat([_POSE * noise[..., :-3], _PATH * slow], -1)

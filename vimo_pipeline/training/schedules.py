"""What changes in the course of a run, as functions of the step: learning rate, PTSS and loss weights.

The thesis (section IV) counts in epochs, and its longest run has 100. They are the whole run here, so that
its "epoch 25" is a quarter of the steps.
"""

from typing import NamedTuple, assert_never

import numpy as np

from .config import TrainConfig

EPOCHS = 100  # of the thesis's big model with PTSS
SETTLED = 60  # the epoch after which PTSS was back at its start; here also that of the last weights
FPS = 30.0  # of the papers' motions and of ours


class LossWeights(NamedTuple):
    """The λ of ViMo's equation 7, and of EDGE's simple loss."""

    simple: float
    joints: float
    velocity: float
    foot: float


# EDGE (model/diffusion.py). Its speeds are a frame, ours a second; its body velocity is of features.
EDGE = LossWeights(simple=0.636, joints=0.646, velocity=2.964 / FPS**2, foot=10.942 / FPS**2)


def learning_rate_factor(step: int, config: TrainConfig) -> float:
    """Linear warm-up, constant, linear decay: a run can be stopped or prolonged any time before its decay."""
    warm = min(1.0, (step + 1) / max(1, config.warmup))
    cool = min(1.0, (config.steps - step) / max(1, config.decay))
    return min(warm, max(0.0, cool))


def ptss_probability(step: int, config: TrainConfig) -> float:
    """Probability that the frames of a clip get timesteps of their own.

    "thesis": 0.2 rising to 0.5 over epochs 1 to 50, and 0.2 again after epoch 60. (By then it raised the
    learning rate as well, from 1e-4 to 2.5e-4, which is left to `learning_rate`.)
    """
    if config.ptss_schedule == "constant":
        return config.ptss
    epoch = _epoch(step, config)
    return 0.2 if epoch > SETTLED else float(np.interp(epoch, [0, 50], [0.2, 0.5]))


def loss_weights(step: int, config: TrainConfig) -> LossWeights:
    """The weights of the parts of the loss at a step.

    "constant": the config's, that of velocities rising from a tenth over `velocity_warmup` steps.
    "thesis" and "edge": the papers' own numbers in place of the config's. They were found for other losses:
    the thesis subtracts rotation matrices for its velocity where ours is in (m/s)², and neither says whether
    joints are summed or averaged. So they repeat the papers' experiment, not their result.
    """
    match config.loss_schedule:
        case "constant":
            rising = min(1.0, 0.1 + 0.9 * step / max(1, config.velocity_warmup))
            return LossWeights(1.0, config.joints_weight, rising * config.velocity_weight, config.foot_weight)
        case "thesis":
            return _thesis(_epoch(step, config))
        case "edge":
            return EDGE
        case never:
            assert_never(never)


def _thesis(epoch: float) -> LossWeights:
    """From the start that collapsed to static poses to the end that was stable.

    Its figures: joints 0.01, 0.1 by epoch 25; velocity 1.0, 0.01 by epoch 40; foot 0.1, then 0.5; at last
    0.1, 0.02 and 0.05. Ours: straight lines between them, the foot's 0.5 at epoch 40, the end at epoch 60.
    """
    return LossWeights(
        simple=1.0,
        joints=float(np.interp(epoch, [0, 25], [0.01, 0.1])),
        velocity=float(np.interp(epoch, [0, 40, SETTLED], [1.0, 0.01, 0.02])),
        foot=float(np.interp(epoch, [0, 40, SETTLED], [0.1, 0.5, 0.05])),
    )


def _epoch(step: int, config: TrainConfig) -> float:
    return EPOCHS * step / config.steps

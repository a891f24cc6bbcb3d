"""Slow random turns of the joints, or held ones, inside anatomical limits; planted feet stay planted."""

import torch
from torch import Generator, Tensor

from ...motion.features import MotionFeatures
from ...motion.rotations import axis_angle_to_matrix
from ...motion.skeleton import joint_indices
from ..smooth_noise import smooth_noise
from .chance import some
from .limits import AnatomicalLimits
from .standing import stand

# Joints that may move otherwise than they did, with the deviation in radians.
UPPER_BODY = {
    ("spine1", "spine2", "spine3", "neck", "head"): 0.08,
    ("left_collar", "right_collar"): 0.08,
    ("left_shoulder", "right_shoulder"): 0.5,
    ("left_elbow", "right_elbow"): 0.5,
}
LEGS = {
    ("left_hip", "right_hip"): 0.2,
    ("left_knee", "right_knee"): 0.25,
    ("left_ankle", "right_ankle"): 0.12,
}
_PERIODS = (60.0, 1000.0)  # frames: turns come and go, or are held for as long as a window lasts
_SHARES = ((UPPER_BODY, 0.5), (LEGS, 0.4))  # of windows


def loosen(motion: MotionFeatures, limits: AnatomicalLimits, generator: Generator) -> MotionFeatures:
    """Some windows with a looser upper body, some with looser legs. [B, T, ...]."""
    rotations = motion.rotations.clone()
    for deviations, share in _SHARES:
        loose = some(len(rotations), share, generator).nonzero()[:, 0]
        for names, deviation in deviations.items():
            joints = joint_indices(names)
            recorded = rotations[loose][:, :, joints]
            turned = recorded @ _turns(recorded, deviation, generator)
            rotations[loose[:, None], :, torch.tensor(joints)] = limits.clamp(
                turned, recorded, joints
            ).movedim(2, 1)
    return stand(rotations, motion)


def _turns(rotations: Tensor, deviation: float, generator: Generator) -> Tensor:
    """Slowly changing turns for [B, T, J, 3, 3]."""
    batch, frames, joints = rotations.shape[:3]
    curves = smooth_noise(batch * joints * 3, frames, generator, periods=_PERIODS)
    return axis_angle_to_matrix(deviation * curves.view(batch, joints, 3, frames).permute(0, 3, 1, 2))

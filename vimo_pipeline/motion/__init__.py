"""What is generated: skeleton, rotations, `Motion`, forward kinematics. Imports nothing of ours."""

from .mask import Mask
from .motion import Motion
from .skeleton import JOINT_NAMES, PARENTS

__all__ = ["JOINT_NAMES", "PARENTS", "Mask", "Motion"]

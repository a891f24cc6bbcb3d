"""Left and right exchanged."""

from torch import Generator

from ...motion.features import MotionFeatures
from ...motion.skeleton import mirror_permutation
from .chance import choose, some


def mirror(motion: MotionFeatures) -> MotionFeatures:
    """The batched form of `Motion.mirror`."""
    flip = motion.root.new_tensor([-1, 1, 1])
    rotations = motion.rotations[..., mirror_permutation(), :, :] * flip[:, None] * flip
    return MotionFeatures(rotations, motion.contacts[..., [1, 0, 3, 2]], motion.root * flip)


def mirror_half(motion: MotionFeatures, generator: Generator) -> MotionFeatures:
    """A random half of the windows mirrored."""
    return choose(some(len(motion.root), 0.5, generator), mirror(motion), motion)

"""More motion from little: every way in which a window may differ from what was recorded, by its name.

"warp", "still" and "reverse" change a window's time where it is read (`data.windows`), "proportions" the
body that the camera sees (`data.batches`); the others change the motion and are here, one file each.
"""

from collections.abc import Collection

from torch import Generator

from ...motion.features import MotionFeatures
from .crouch import crouch
from .limits import AnatomicalLimits
from .loosen import loosen
from .mirror import mirror_half
from .recombine import recombine

AUGMENTATIONS = ("mirror", "warp", "still", "reverse", "proportions", "recombine", "loosen", "crouch")


def check_names(names: Collection[str]) -> None:
    """Raise a ValueError that names what is unknown."""
    unknown = sorted(set(names) - set(AUGMENTATIONS))
    if unknown:
        raise ValueError(f"unknown augmentation {', '.join(unknown)}; choose from {', '.join(AUGMENTATIONS)}")


def augment_motion(
    motion: MotionFeatures, names: Collection[str], *, limits: AnatomicalLimits, generator: Generator
) -> MotionFeatures:
    """The named changes of a batch of windows, [B, T, ...], in an order in which they go together."""
    if "mirror" in names:
        motion = mirror_half(motion, generator)
    if "crouch" in names:
        motion = crouch(motion, generator)
    if "recombine" in names:
        motion = recombine(motion, generator)
    if "loosen" in names:
        motion = loosen(motion, limits, generator)
    return motion

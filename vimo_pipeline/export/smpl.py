"""SMPL's `transl` and our root: the same path, measured from two different points of the body."""

import torch
from torch import Tensor

# Pelvis joint of the mean shape in SMPL's own coordinates, metres. SMPL turns the body about this point and
# adds `transl` afterwards, so pelvis in world = transl + pelvis of the shape, whatever the rotation is.
# Male and female as in SURREAL (datageneration, root_pos), male also in TransPose (config.py), neutral as in
# HybrIK. The rest offsets of motion/skeleton.py are those of the male mean shape.
_MEAN_SHAPE_PELVIS = {
    "male": (-0.00217368, -0.24078918, 0.02858379),
    "female": (-0.00087631, -0.21141872, 0.02782112),
    "neutral": (-0.0018, -0.2233, 0.0282),
}


def mean_shape_pelvis(gender: str, *, like: Tensor) -> Tensor:
    """Root minus `transl` for a body of mean shape, [3]; unknown genders count as neutral.

    Another shape (betas) moves the pelvis by a centimetre or two, which only the licensed model can tell.
    """
    pelvis = _MEAN_SHAPE_PELVIS.get(gender, _MEAN_SHAPE_PELVIS["neutral"])
    return torch.tensor(pelvis, dtype=like.dtype, device=like.device)

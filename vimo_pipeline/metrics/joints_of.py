"""What is measured, whether it comes as a `Motion` or as its tensors."""

from dataclasses import replace

import torch
from torch import Tensor

from ..motion import Motion

Measured = Motion | Tensor
"""A motion, or joints in metres, y up, [..., J, 3]."""


def joints_of(measured: Measured) -> Tensor:
    """Joints in the world, metres: a motion's in double precision, [T, 24, 3], or the tensor itself."""
    if isinstance(measured, Motion):
        exact = replace(measured, rotations=measured.rotations.double(), root=measured.root.double())
        return exact.joints()
    if not isinstance(measured, Tensor) or measured.ndim < 2 or measured.shape[-1] != 3:
        shape = list(measured.shape) if isinstance(measured, Tensor) else type(measured).__name__
        raise ValueError(f"give a Motion or joints [T, J, 3], got {shape}")
    return measured


def joints_of_both(predicted: Measured, truth: Measured) -> tuple[Tensor, Tensor]:
    """Joints of two motions of one skeleton, one length and one frame rate."""
    rates = {each.fps for each in (predicted, truth) if isinstance(each, Motion)}
    if len(rates) == 2:
        raise ValueError(f"frame rates differ: {predicted.fps:g} and {truth.fps:g}; see Motion.resample")
    ours, theirs = joints_of(predicted), joints_of(truth)
    if ours.shape[-2] != theirs.shape[-2]:
        raise ValueError(f"skeletons differ: {ours.shape[-2]} joints against {theirs.shape[-2]}")
    try:
        torch.broadcast_shapes(ours.shape, theirs.shape)
    except RuntimeError:
        raise ValueError(
            f"lengths differ: joints {list(ours.shape)} against {list(theirs.shape)}; see Motion.frames"
        ) from None
    return (ours, theirs) if ours.dtype == theirs.dtype else (ours.double(), theirs.double())


def rate_of(*measured: Measured, fps: float | None) -> float:
    """Frames a second: a motion knows them, beside joints they have to be said."""
    known = {each.fps for each in measured if isinstance(each, Motion)} | ({fps} - {None})
    if not known:
        raise ValueError("fps is missing: joints do not know their frame rate; give fps= or a Motion")
    if len(known) > 1:
        raise ValueError(f"frame rates differ: {', '.join(f'{each:g}' for each in sorted(known))}")
    (rate,) = known
    if not 0 < rate < float("inf"):
        raise ValueError(f"fps must be a positive number, got {rate}")
    return rate

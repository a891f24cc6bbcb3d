"""A cheap figure for how well the model lifts: one prediction from pure noise on clips never trained on."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..metrics import mpjpe, pa_mpjpe
from ..models import MotionNormaliser, ViMoTransformer
from ..motion.features import unpack_features
from ..motion.kinematics import forward_kinematics


class HeldOut(NamedTuple):
    """Joints in the world, metres, of the same clips: as predicted and as they were."""

    predicted: Tensor  # [B, T, 24, 3]
    truth: Tensor  # [B, T, 24, 3]
    mask: Tensor  # [B, T], False where a frame is padding


@torch.no_grad()
def predict_held_out(
    model: ViMoTransformer, normaliser: MotionNormaliser, batch: Batch, *, last: int
) -> HeldOut:
    """The clean motion predicted at timestep `last`, where only noise is left."""
    was_training = model.training
    model.eval()
    noise = torch.randn(batch.features.shape, generator=Generator().manual_seed(0))
    device = normaliser.mean.device
    times = torch.full((len(noise),), last, device=device)
    clean = model(
        noise.to(device), times, keypoints=batch.keypoints.to(device), mask=batch.mask.to(device)
    ).sample
    model.train(was_training)
    predicted = _joints(normaliser.denormalise(clean.float()).cpu())
    return HeldOut(predicted, _joints(batch.features), batch.mask)


def errors(seen: HeldOut) -> dict[str, float]:
    """Mean errors over real frames, millimetres."""
    predicted, truth, mask = seen
    figures = {
        "pa_mpjpe_mm": pa_mpjpe(predicted, truth),
        "mpjpe_mm": mpjpe(predicted, truth),
        "root_mm": (predicted[..., 0, :] - truth[..., 0, :]).norm(dim=-1),
    }
    return {name: 1000 * float(value[mask].mean()) for name, value in figures.items()}


def _joints(features: Tensor) -> Tensor:
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, motion.root)

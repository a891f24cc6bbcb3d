"""A cheap figure for how well the model lifts: one prediction from pure noise on clips never trained on."""

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..metrics import mpjpe, pa_mpjpe
from ..models import MotionNormaliser, ViMoTransformer
from ..motion.features import unpack_features
from ..motion.kinematics import forward_kinematics


@torch.no_grad()
def validate(
    model: ViMoTransformer, normaliser: MotionNormaliser, batch: Batch, *, last: int
) -> dict[str, float]:
    """Errors in millimetres of the clean motion predicted at timestep `last`, where only noise is left."""
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
    truth = _joints(batch.features)
    figures = {
        "pa_mpjpe_mm": pa_mpjpe(predicted, truth),
        "mpjpe_mm": mpjpe(predicted, truth),
        "root_mm": (predicted[..., 0, :] - truth[..., 0, :]).norm(dim=-1),
    }
    return {name: 1000 * float(value[batch.mask].mean()) for name, value in figures.items()}


def _joints(features: Tensor) -> Tensor:
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, motion.root)

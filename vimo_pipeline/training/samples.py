"""Pictures of what a run can do so far: held-out clips as they were and as they are imagined."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy import ndarray
from torch import Generator, Tensor

from ..data.batches import Batch
from ..export.preview import TINTS, draw_figure
from ..export.render import opencv
from ..models import MotionNormaliser, ViMoTransformer
from ..motion import Motion
from ..schedulers import PTSSScheduler
from ..whole_file import whole_file

MOMENTS = 8
WIDTH, HEIGHT = 150, 200  # pixels of a figure


def write_samples(path: Path, predicted: Tensor, truth: Tensor, *, mask: Tensor) -> None:
    """Write a PNG with two rows a clip, truth above prediction, from left to right in time.

    Features, not normalised: [B, T, 151] twice; mask: [B, T], False where a frame is padding.
    """
    rows = []
    for recorded, imagined, real in zip(truth, predicted, mask, strict=True):
        rows += [_row(recorded[real], TINTS[0]), _row(imagined[real], TINTS[1])]
    cv2 = opencv()
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as partial:
        cv2.imwrite(str(partial), cv2.cvtColor(np.concatenate(rows), cv2.COLOR_RGB2BGR))


@torch.no_grad()
def sample(
    model: ViMoTransformer, scheduler: PTSSScheduler, normaliser: MotionNormaliser, seen: Batch, *, steps: int
) -> Tensor:
    """Motions imagined with DDIM from the keypoints of a batch, [B, T, 151], not normalised."""
    was_training = model.training
    model.eval()
    device = normaliser.mean.device
    scheduler = PTSSScheduler.from_config(scheduler.config)  # the run's own keeps its timesteps
    scheduler.set_timesteps(steps)
    mask = seen.mask.to(device)
    condition = model.encode(seen.keypoints.to(device), mask)
    latents = torch.randn(seen.features.shape, generator=Generator().manual_seed(0)).to(device)
    for timestep in scheduler.timesteps.to(device):
        clean = model(latents, timestep.expand(len(latents)), condition=condition, mask=mask).sample
        latents = scheduler.step(clean.float(), timestep, latents).prev_sample
    model.train(was_training)
    return normaliser.denormalise(latents).cpu()


def _row(features: Tensor, tint: tuple[int, int, int]) -> ndarray:
    """One motion at evenly spaced moments, side by side, on the spot: [HEIGHT, MOMENTS * WIDTH, 3] RGB."""
    moments = np.linspace(0, len(features) - 1, MOMENTS).round().astype(int)
    motion = Motion.unpack(features[moments])
    motion = replace(motion, root=motion.root * torch.tensor([0.0, 1.0, 0.0]))
    return np.concatenate(list(draw_figure(motion, width=WIDTH, height=HEIGHT, tint=tint)), 1)

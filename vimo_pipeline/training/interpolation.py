"""One training step's loss of a delta-interpolator: bridge a gap, correct the bridge, compare in space."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..models import DeltaInterpolator, MotionNormaliser
from ..motion.bridging import bridge, gap_stand
from ..motion.features import MotionFeatures, unpack_features
from ..motion.kinematics import forward_kinematics
from ..motion.mask import COLUMNS
from ..motion.placing import seen_from
from ..motion.skeleton import NUM_JOINTS
from .gaps import draw_gaps
from .validation import HeldOut

PLACES, CONTACTS, KNOWN = 1.5, 0.1, 0.1  # weights beside that of turns: a metre, a label, what is known
_CONTACTS = COLUMNS.index("contacts")


@dataclass(frozen=True)
class Interpolation:
    """Every clip has a gap, of which nothing was seen.

    Distances are not squared: of what may happen in a gap the network learns the median, which hardly ever
    lies far from the bridge, and not the mean, which a few wild ways draw to themselves.
    """

    normaliser: MotionNormaliser

    def losses(
        self, model: DeltaInterpolator, batch: Batch, *, step: int, generator: Generator
    ) -> dict[str, Tensor]:
        """The weighted parts and their sum "total", scalars."""
        kept = draw_gaps(*batch.mask.shape, last=0, generator=generator).kept.to(batch.mask.device)
        predicted, meant = self._answer(model, batch, kept)
        real = batch.mask[..., None]
        missing, known = (columns & real for columns in (~kept, kept))
        turns, places = _off(predicted, meant)
        labels = (predicted.contacts - meant.contacts).abs().mean(-1)
        parts = {
            "turns": _mean(turns, missing[..., :NUM_JOINTS]),
            "places": PLACES * _mean(places, missing[..., :NUM_JOINTS]),
            "contacts": CONTACTS * _mean(labels, missing[..., _CONTACTS]),
            "known": KNOWN * _mean(turns + PLACES * places, known[..., :NUM_JOINTS]),
        }
        return parts | {"total": sum(parts.values())}

    @torch.no_grad()
    def held_out(self, model: DeltaInterpolator, batch: Batch) -> HeldOut:
        """What stands in the middle third of clips never trained on."""
        was_training = model.training
        model.eval()
        missing = middle_third(batch.mask)
        predicted, meant = self._answer(model, batch, ~missing[..., None].expand(-1, -1, len(COLUMNS)))
        model.train(was_training)
        joints = (forward_kinematics(each.rotations, each.root).cpu() for each in (predicted, meant))
        return HeldOut(*joints, missing.cpu())

    @torch.no_grad()
    def imagine(self, model: DeltaInterpolator, batch: Batch) -> Tensor:
        """Clips whose middle third is the model's, [B, T, 151], not normalised."""
        missing = middle_third(batch.mask)[..., None]
        predicted, meant = self._answer(model, batch, ~missing.expand(-1, -1, len(COLUMNS)))
        return torch.where(missing.to(meant.root.device), predicted.pack(), meant.pack()).cpu()

    def _answer(
        self, model: DeltaInterpolator, batch: Batch, kept: Tensor
    ) -> tuple[MotionFeatures, MotionFeatures]:
        """What the model makes of clips with gaps, and what they were, both where the model saw them."""
        device = self.normaliser.mean.device
        kept = kept.to(device)
        meant = unpack_features(batch.features.to(device))
        bridged = bridge(meant, kept)
        stand = gap_stand(bridged, kept)
        predicted = model(self.normaliser.normalise(seen_from(bridged, stand).pack()), kept).float()
        return unpack_features(self.normaliser.denormalise(predicted)), seen_from(meant, stand)


def middle_third(mask: Tensor) -> Tensor:
    """The frames of each clip's middle third, [B, T] bool twice; padding stands at the end."""
    length = mask.sum(1, keepdim=True)
    frame = torch.arange(mask.shape[1], device=mask.device)
    return (frame >= length // 3) & (frame < 2 * length // 3)


def _off(predicted: MotionFeatures, meant: MotionFeatures) -> tuple[Tensor, Tensor]:
    """Distances of rotation matrices (Frobenius) and of joints, metres, [B, T, 24] each."""
    turns = (predicted.rotations - meant.rotations).flatten(-2).norm(dim=-1)
    joints, truth = (forward_kinematics(each.rotations, each.root) for each in (predicted, meant))
    return turns, (joints - truth).norm(dim=-1)


def _mean(values: Tensor, counted: Tensor) -> Tensor:
    """Of every clip what counts, then of the clips, [B, ...] and [B, ...] bool."""
    sums, counts = ((each * counted).flatten(1).sum(1) for each in (values, torch.ones_like(values)))
    return (sums / counts.clamp(min=1)).mean()

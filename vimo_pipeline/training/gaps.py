"""Clips with a gap, as completion sees them: what is known is clean, and between stands what is imagined."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..keypoints.body_points import firm_points
from ..motion.bridging import bridge
from ..motion.features import unpack_features
from ..motion.mask import COLUMNS, columns_of
from ..motion.placing import canonical
from ..motion.skeleton import NUM_JOINTS

CLEAN = -1  # the timestep of a known frame, see `PTSSScheduler`
_SHORTEST, _LONGEST = 0.15, 0.85  # shares of a window
_UNSEEN = 0.75  # share of gaps of which nobody filmed what is missing; the others are guided by a video
_PARTS = (  # what may be missing, and how often
    (("everything",), 0.76),
    (("left_arm",), 0.05),
    (("right_arm",), 0.05),
    (("legs", "contacts"), 0.07),
    (("upper_body",), 0.07),
)


class Gaps(NamedTuple):
    """What is known of a batch of clips and how noisy the rest is."""

    kept: Tensor  # [B, T, 27] columns as in `Mask`
    timesteps: Tensor  # [B, T], one a gap, CLEAN where a frame is known whole


def draw_gaps(clips: int, frames: int, *, last: int, generator: Generator) -> Gaps:
    """A gap anywhere in each clip, of whole frames or of limbs.

    Gaps may touch an end of the clip: a motion is then gone on with, or led up to. All levels of noise are
    as likely, but at least every third gap is pure noise, as the first step of sampling sees it.
    """

    def share() -> Tensor:
        return torch.rand(clips, 1, generator=generator)

    length = (frames * (_SHORTEST + (_LONGEST - _SHORTEST) * share())).long().clamp(1, frames - 1)
    start = (share() * (frames - length + 1)).long()
    times = torch.randint(last + 1, (clips, 1), generator=generator)
    times = torch.where(share() < 1 / 3, last, times)
    frame = torch.arange(frames)
    missing = (frame >= start) & (frame < start + length)
    kept = ~(missing[..., None] & _missing_columns(clips, generator)[:, None])
    return Gaps(kept, torch.where(missing, times, CLEAN))


def bridges_of(features: Tensor, kept: Tensor) -> Tensor:
    """What the noise of gaps lies around: the clips bridged over what is not kept. [B, T, 151].

    As every window it begins at the origin and faces +z, which says nothing of a beginning that is missing.
    """
    return canonical(bridge(unpack_features(features), kept)).pack()


def hide_unseen(batch: Batch, kept: Tensor, generator: Generator) -> Tensor:
    """Keypoints, [B, T, 17, 3], without those of missing limbs; those of guided clips are all seen."""
    unseen = (torch.rand(len(kept), generator=generator) < _UNSEEN).to(kept.device)
    hidden = ~firm_points(kept[..., :NUM_JOINTS]) & unseen[:, None, None]
    return batch.keypoints.masked_fill(hidden[..., None], 0.0)


def _missing_columns(clips: int, generator: Generator) -> Tensor:
    """One of the parts for every clip, [B, 27]."""
    table = torch.tensor([[column in columns_of(*names) for column in COLUMNS] for names, _ in _PARTS])
    shares = torch.tensor([share for _, share in _PARTS])
    return table[torch.multinomial(shares, clips, replacement=True, generator=generator)]

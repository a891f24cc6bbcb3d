"""What the delta-interpolator makes of a gap: one answer, without noise and without a video."""

import torch
from torch import Tensor

from ...models import DeltaInterpolator, MotionNormaliser
from ...motion.bridging import gap_stand
from ...motion.features import unpack_features
from ...motion.mask import features_of
from ...motion.placing import seen_from
from ...motion.smoothing import smooth_features
from ..windows import WindowPlan, fuse
from .keeping import Known, between, keep

SMOOTHING = 1.5  # frames, deviation


def interpolated(
    known: Known, plan: WindowPlan, interpolator: DeltaInterpolator, normaliser: MotionNormaliser
) -> Tensor:
    """The motion with its gaps filled, [1, T, 151], not normalised. What is known is in it.

    Every window is seen from where its own first gap begins. What has no two ends in it stays bridged.
    """
    kept = plan.cut(known.mask.kept[None])[0]  # [K, W, 27]
    bridged = unpack_features(plan.cut(known.bridged().pack())[0])  # [K, W, ...]
    told = seen_from(bridged, gap_stand(bridged, kept)).pack()
    guessed = normaliser.denormalise(interpolator(normaliser.normalise(told), kept))
    windows = torch.where(features_of(between(kept)), guessed, told)
    whole, _ = fuse(windows[None], plan)
    return keep(smooth_features(whole, SMOOTHING), known)

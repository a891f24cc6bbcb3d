"""The group of figures for models that were trained on one motion."""

from collections.abc import Callable, Sequence

import torch
from torch import Generator

from ...motion import Motion
from ..limited_data import LONG, LimitedData, limited_data
from ..physical_contact import FPS, static_pose
from .figures import Figure, Group, mean_interval

_SHORTEST = 2 * LONG - 1  # frames: pieces of a patchwork


def few_shot(
    generated: Sequence[Motion],
    reference: Sequence[Motion],
    *,
    seed: int = 0,
    progress: Callable[[str, float], None] = lambda stage, share: None,
) -> Group:
    """Coverage, global and local diversity against one training motion, at 30 fps; beside them its statue."""
    if len(reference) != 1:
        raise ValueError(
            f"limited data is measured against one training motion, the reference holds {len(reference)}; "
            "give one file"
        )
    training = reference[0].resample(FPS)
    motions = [motion.resample(FPS) for motion in generated]
    if short := sum(len(motion) < _SHORTEST for motion in (training, *motions)):
        raise ValueError(
            f"limited data needs motions of {_SHORTEST} frames at 30 fps or more, {short} are shorter"
        )
    found = []
    for done, motion in enumerate(motions):
        progress("limited data", done / len(motions))
        found.append(limited_data([motion], training))
    progress("limited data", 1.0)
    still = limited_data([static_pose(training)], training)
    generator = Generator().manual_seed(seed)
    figures = []
    for name in LimitedData._fields:
        values = torch.tensor([getattr(each, name) for each in found], dtype=torch.float64)
        interval = mean_interval((values, torch.ones_like(values)), generator=generator)
        title = name.replace("_", " ")
        figures.append(Figure(title, "", float(values.mean()), interval, beside=getattr(still, name)))
    notes = ("a copy of the training motion has 1, 0 and 0: all three are needed",)
    return Group("limited data", "", "static pose", tuple(figures), notes)

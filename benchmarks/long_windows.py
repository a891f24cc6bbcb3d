"""Ways to make one motion of many windows: agreeing at every step, stitched at the end, laid end to end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Generator, Tensor

from vimo_pipeline import Keypoints, ViMoPipeline
from vimo_pipeline.motion.foot_path import led_by_feet
from vimo_pipeline.motion.smoothing import smooth_features
from vimo_pipeline.pipelines.windows import WindowPlan, fuse

Way = Callable[[Keypoints], Tensor]  # -> features, [T, 151]
SMOOTHING = 1.5  # the pipeline's default


def with_windows(pipe: ViMoPipeline, *, window: int, overlap: int) -> ViMoPipeline:
    """The same pipeline with other windows."""
    other = ViMoPipeline(**pipe.components, fps=pipe.config.fps, overlap=overlap, window=window)
    other.set_progress_bar_config(disable=True)
    return other


def agreeing(pipe: ViMoPipeline, **options: Any) -> Way:
    """The pipeline as it is."""
    return lambda seen: imagined(pipe, seen, **options)


def stitched(pipe: ViMoPipeline, *, end_to_end: bool = False) -> Way:
    """Every window imagined as a clip of its own, and all joined once at the end.

    As EDGE joins its clips (Tseng et al. 2023; render code): linear for the path, slerp for rotations, over
    all frames two windows share. end_to_end: from one window to the next in the middle of these instead.
    Windows are turned onto one another first, which EDGE's need not be.
    """

    def way(seen: Keypoints) -> Tensor:
        plan = plan_of(pipe, len(seen))
        alone = [imagined(pipe, part, smoothing=0.0, follow_feet=False) for part in _parts(seen, plan)]
        whole, _ = fuse(torch.stack(alone)[None], _Switching(**vars(plan)) if end_to_end else plan)
        return led_by_feet(smooth_features(whole, SMOOTHING), fps=pipe.config.fps)[0]

    return way


def plan_of(pipe: ViMoPipeline, frames: int) -> WindowPlan:
    """The windows in which a pipeline sees a clip."""
    window = pipe.config.window or pipe.transformer.config.max_frames
    return WindowPlan.cover(frames, window=window, overlap=pipe.config.overlap)


def imagined(pipe: ViMoPipeline, seen: Keypoints, **options: Any) -> Tensor:
    """Features of the likeliest motion, [T, 151]."""
    generator = Generator().manual_seed(0)
    return pipe(keypoints=seen, generator=generator, output_type="pt", **options).motions[0]


def _parts(seen: Keypoints, plan: WindowPlan) -> list[Keypoints]:
    spans = [(start, start + plan.length) for start in plan.starts]
    return [
        replace(seen, points=seen.points[a:b], cuts=tuple(cut - a for cut in seen.cuts if a < cut < b))
        for a, b in spans
    ]


@dataclass(frozen=True)
class _Switching(WindowPlan):
    """Of every frame only the window that has it nearest to its middle."""

    def shares(self) -> Tensor:
        soft = super().shares()
        most = torch.zeros(self.frames)
        for start, share in zip(self.starts, soft, strict=True):
            part = most[start : start + self.length]
            torch.maximum(part, share, out=part)
        hard = (soft >= self.cut(most[None])[0]).float()
        total = torch.zeros(self.frames)
        for start, share in zip(self.starts, hard, strict=True):
            total[start : start + self.length] += share
        return hard / self.cut(total[None])[0]

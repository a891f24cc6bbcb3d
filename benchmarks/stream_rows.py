"""Motions as a stream gives them, for many clips at once and from pictures one by one."""

import numpy as np
import torch
from accuracy_sets import TestSet
from torch import Tensor

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.keypoints.normalise import SIZE_WINDOW_SECONDS, normalise_points, shot_of_frame
from vimo_pipeline.pipelines.stream import LOOK_AHEAD, WINDOW, ViMoStream
from vimo_pipeline.pipelines.streaming.rolling_window import RollingOptions, RollingWindow


def streamed(
    pipe: ViMoPipeline,
    clips: TestSet,
    *,
    window: int = WINDOW,
    look_ahead: int = LOOK_AHEAD,
    at_once: int = 1,
    **options: float,
) -> Tensor:
    """What streams of the clips' keypoints give, [N, T, 151]: one window of N rows in place of N streams."""
    points = torch.from_numpy(np.stack([seen.points for seen in clips.seen]))
    shots = torch.stack([torch.from_numpy(shot_of_frame(len(seen), seen.cuts)) for seen in clips.seen])
    rolling = RollingWindow(pipe, RollingOptions(window, look_ahead, **options), batch=len(points))
    side, done = round(SIZE_WINDOW_SECONDS * pipe.config.fps), []
    for stop in range(at_once, points.shape[1] + 1, at_once):
        lately = slice(max(0, stop - window - side), stop)
        told = normalise_points(points[:, lately], shots[:, lately], window=side), shots[:, lately]
        done.append(rolling.enter(told, count=at_once))
    while rolling.under_way:
        done.append(rolling.drain(told))
    return torch.cat([frames for frames in done if frames is not None], 1)


def captured(pipe: ViMoPipeline, clips: TestSet) -> Tensor:
    """What the pipeline makes of the same keypoints, all of them known, [N, T, 151]."""
    return torch.cat([pipe(keypoints=seen, output_type="pt").motions for seen in clips.seen])


def streamed_from(pictures: list[np.ndarray], stream: ViMoStream) -> Tensor:
    """The joints that a stream gives for pictures at its own rate, [T, 24, 3]."""
    parts = [*(stream.push(picture) for picture in pictures), stream.flush()]
    return torch.cat([motion.joints() for motion in parts if motion is not None])

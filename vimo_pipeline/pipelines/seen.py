"""What a camera saw of a body, frame by frame, as the encoder is told."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..keypoints import Keypoints, normalise
from ..keypoints.keypoints import COCO_NAMES
from ..keypoints.normalise import shot_of_frame
from .windows import WindowPlan


class Seen(NamedTuple):
    """Keypoints of a clip that are root-centred and scale-free."""

    points: Tensor  # [T, 17, 3] normalised keypoints, confidence 0 where nothing was seen
    shots: Tensor  # [T] number of the shot a frame belongs to

    @classmethod
    def of(cls, keypoints: Keypoints) -> "Seen":
        """What keypoints tell."""
        shots = shot_of_frame(len(keypoints), keypoints.cuts)
        return cls(torch.from_numpy(normalise(keypoints)), torch.from_numpy(shots))

    @classmethod
    def nothing(cls, frames: int, *, device: torch.device | str = "cpu") -> "Seen":
        """Of a clip that nobody filmed."""
        points = torch.zeros(frames, len(COCO_NAMES), 3, device=device)
        return cls(points, torch.zeros(frames, dtype=torch.long, device=device))

    def to(self, device: torch.device | str) -> "Seen":
        """The same on a device."""
        return Seen(*(each.to(device) for each in self))

    def frames(self) -> Tensor:
        """In which frames anything was seen, [T]."""
        return (self.points[..., 2] > 0).any(-1)

    def cut(self, plan: WindowPlan) -> "Seen":
        """The windows of a plan: points [K, W, 17, 3], shots [K, W]."""
        return Seen(*(plan.cut(each[None])[0] for each in self))

"""A window that moves on: it keeps its own canonical frame, and where that lies in the world.

The denoiser sees windows that start at x = z = 0 and face +z. When the oldest frame leaves, all others are
turned and moved until the next one does, and the window's place takes up what they lost. So a motion goes on
in the world without a jump, and however far it goes, the denoiser sees small numbers.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from ..motion.features import split_features, turn_features, unpack_features
from ..motion.rotations import heading_angle, turn_about_y

_COMPARED = 5  # frames over which two headings are compared


class Place(NamedTuple):
    """Where windows lie in the world: turned about y, then moved over the floor."""

    turn: Tensor  # [B, 3, 3]
    shift: Tensor  # [B, 3] metres, level

    @classmethod
    def origin(cls, batch: int, *, device: torch.device | str = "cpu") -> "Place":
        """Windows that lie in the world as they are."""
        return cls(torch.eye(3, device=device).repeat(batch, 1, 1), torch.zeros(batch, 3, device=device))

    def put(self, features: Tensor) -> Tensor:
        """Windows moved to their place; features, not normalised: [B, T, 151] -> the same shape."""
        moved = turn_features(features, self.turn[:, None])
        return torch.cat([moved[..., :-3], moved[..., -3:] + self.shift[:, None]], -1)

    def then(self, inner: "Place") -> "Place":
        """The place of windows that lie at `inner` in windows that lie here."""
        return Place(self.turn @ inner.turn, self.shift + _rotate(self.turn, inner.shift))

    def inverse(self) -> "Place":
        """What undoes `put`."""
        return Place(self.turn.mT, -_rotate(self.turn.mT, self.shift))


def start_of(features: Tensor) -> Place:
    """Where the first frame stands and faces: its place's inverse makes a window canonical. [B, T, 151]."""
    motion = unpack_features(features[:, :1])
    turn = turn_about_y(heading_angle(motion.rotations[:, 0, 0]))
    return Place(turn, _level(motion.root[:, 0]))


def end_of(features: Tensor) -> Place:
    """Where the last frame stands and faces."""
    return start_of(features[:, -1:])


def continued(predicted: Tensor, known: Tensor) -> Tensor:
    """Predicted windows laid onto their known first frames, which replace them. [B, T, 151], [B, K, 151].

    The path goes on from the last known frame; headings are compared over several, as one pelvis wavers.
    """
    count = known.shape[1]
    near = slice(max(0, count - _COMPARED), count)
    old, new = (unpack_features(each[:, near]).rotations[:, :, 0] for each in (known, predicted))
    turn = turn_about_y(heading_angle((old @ new.mT).sum(1)))
    last = split_features(predicted[:, count - 1])[2]
    gap = split_features(known[:, -1])[2] - _rotate(turn, last)
    placed = Place(turn, _level(gap)).put(predicted[:, count:])
    return torch.cat([known, placed], 1)


def _level(root: Tensor) -> Tensor:
    return root * root.new_tensor([1, 0, 1])


def _rotate(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]

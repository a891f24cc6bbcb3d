"""A window that moves on: it keeps its own canonical frame, and where that lies in the world.

The denoiser sees windows that start at x = z = 0 and face +z. When the oldest frame leaves, all others are
turned and moved until the next one does, and the window's place takes up what they lost. So a motion goes on
in the world without a jump, and however far it goes, the denoiser sees small numbers.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from ...motion.features import turn_features, unpack_features
from ...motion.rotations import axis_angle_to_matrix, heading_angle, matrix_to_axis_angle, turn_about_y

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


def continued(predicted: Tensor, known: Tensor, *, kept: float) -> Tensor:
    """Predicted windows laid onto their known first frames. [B, T, 151], [B, K, 151] -> [B, T, 151].

    Known poses stay; their path over the floor is told anew, as far as it leads to the last of them, and
    goes on from there. Held as well, a path that began too slowly would stay slow. Headings are compared over
    several frames, as one pelvis wavers. What the prediction still gets wrong about the last known frame is
    carried on, see `carried_on`.
    """
    count = known.shape[1]
    near = slice(max(0, count - _COMPARED), count)
    old, new = (unpack_features(each[:, near]).rotations[:, :, 0] for each in (known, predicted))
    turn = turn_about_y(heading_angle((old @ new.mT).sum(1)))
    gap = known[:, -1, -3:] - _rotate(turn, predicted[:, count - 1, -3:])
    placed = Place(turn, _level(gap)).put(predicted)
    after = carried_on(placed[:, count - 1 :], known[:, -1:], kept=kept)[:, 1:]
    height = known[..., -3:] - _level(known[..., -3:])
    path = torch.cat([known[..., :-3], _level(placed[:, :count, -3:]) + height], -1)
    return torch.cat([path, after], 1)


def carried_on(told: Tensor, known: Tensor, *, kept: float) -> Tensor:
    """Frames whose first is known otherwise: the difference goes on, `kept` of it from frame to frame.

    told: [B, L, 151]; known: [B, 1, 151] the first of them. Nothing jumps where a new prediction begins, and
    a motion that both tell alike is left as it is (inertialisation; Bollo 2018).
    """
    there, here = unpack_features(told), unpack_features(known)
    shares = kept ** torch.arange(told.shape[1], device=told.device)[:, None]  # [L, 1]
    turns = matrix_to_axis_angle(here.rotations @ there.rotations[:, :1].mT)  # [B, 1, 24, 3]
    rotations = axis_angle_to_matrix(shares[..., None] * turns) @ there.rotations
    root = there.root + shares * (here.root - there.root[:, :1])
    return there._replace(rotations=rotations, root=root).pack()


def _level(root: Tensor) -> Tensor:
    return root * root.new_tensor([1, 0, 1])


def _rotate(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]

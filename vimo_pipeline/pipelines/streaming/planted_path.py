"""The path over the floor that planted feet tell of, while the motion goes on.

What `motion.foot_path` does for a whole clip, with the few frames to come that a stream knows. It is done
inside the window: a network that is told of steps too short goes on with shorter ones.
"""

import torch
from torch import Tensor

from ...motion.features import MotionFeatures, unpack_features
from ...motion.kinematics import forward_kinematics
from ...motion.planted import label_chance
from ...motion.skeleton import CONTACT_JOINTS, joint_indices

_DEVIATION = 0.1  # seconds, of the Gaussian over the speeds
_REACH = 0.3  # seconds of the past that it looks at
_DOUBT = 0.1  # planted joints: with fewer around, the path stays as it was
_LEVEL = (1.0, 0.0, 1.0)
_FEET = joint_indices(CONTACT_JOINTS)


class PlantedPath:
    """Moves the frames under way of B motions so that their planted feet stand still on average."""

    def __init__(self, batch: int, *, fps: float, device: torch.device | str = "cpu") -> None:
        self.fps = fps
        self._past = torch.zeros(batch, 0, 4, device=device)  # slides of finished steps, and planted joints
        self._newest = self._past
        self._label: Tensor | None = None  # what the network told of the last finished frame's contacts

    def lead(self, features: Tensor, *, known: bool) -> Tensor:
        """Frames under way, [B, L, 151], not normalised; where `known` is set the first one is finished.

        A first frame stays where it is. A step of a planted joint is what the path is wrong by, and is
        averaged over the steps around, those of finished frames as they were before they were moved.
        """
        motion = unpack_features(features)
        self._newest = self._slides(motion, known)
        every, before = torch.cat([self._past, self._newest], 1), self._past.shape[1]
        near = _gaussian(before, every.shape[1], _DEVIATION * self.fps).to(every)
        slides, count = (near @ every).split([3, 1], 2)
        moved = torch.nn.functional.pad((-slides / (count + _DOUBT)).cumsum(1), (0, 0, 1, 0))
        return motion._replace(root=motion.root + moved).pack()

    def finish(self, features: Tensor, count: int, *, known: bool) -> None:
        """The first of the frames under way are finished, with the contacts that the network told."""
        steps = count if known else count - 1
        kept = max(1, round(_REACH * self.fps))
        self._past = torch.cat([self._past, self._newest[:, :steps]], 1)[:, -kept:]
        self._label = unpack_features(features[:, count - 1 : count]).contacts

    def turn(self, matrices: Tensor) -> None:
        """The frames were turned about y, [B, 3, 3]."""
        ways, count = self._past.split([3, 1], 2)
        self._past = torch.cat([ways @ matrices.mT, count], 2)

    def _slides(self, motion: MotionFeatures, known: bool) -> Tensor:
        """Of every step the ways of its planted joints over the floor and their number, [B, L - 1, 4]."""
        joints = forward_kinematics(motion.rotations, motion.root)
        steps = joints[..., _FEET, :].diff(dim=1)
        labels = motion.contacts[:, :-1]
        if self._label is not None and known:
            labels = torch.cat([self._label, labels[:, 1:]], 1)
        planted = label_chance(labels, steps.norm(dim=-1) * self.fps).square()[..., None]
        level = steps.new_tensor(_LEVEL)
        return torch.cat([(planted * steps * level).sum(2), planted.sum(2)], -1)


def _gaussian(start: int, stop: int, deviation: float) -> Tensor:
    """How much every step counts for each step from `start` on, [stop - start, stop]; rows sum to one."""
    steps = torch.arange(stop)
    weights = torch.exp(-0.5 * ((steps - steps[start:, None]) / deviation).square())
    return weights / weights.sum(1, keepdim=True)

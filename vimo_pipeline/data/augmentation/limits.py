"""How far joints turn in people who were recorded, so that nobody's knee is bent forward by chance."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ...motion.rotations import axis_angle_to_matrix, matrix_to_axis_angle, quaternion_to_axis_angle

_MOST_FRAMES = 20_000  # are looked at


@dataclass(frozen=True)
class AnatomicalLimits:
    """The range of every joint's rotation vector in motion capture."""

    lowest: Tensor  # [24, 3] radians
    highest: Tensor  # [24, 3]

    @classmethod
    def fit(cls, quaternions: Tensor) -> "AnatomicalLimits":
        """From the poses of a corpus, [N, 24, 4]; one frame in a thousand on either side is a fault."""
        every = max(1, len(quaternions) // _MOST_FRAMES)
        vectors = quaternion_to_axis_angle(quaternions[::every])
        ends = torch.quantile(vectors.flatten(1), torch.tensor([0.001, 0.999]), dim=0)
        return cls(*ends.view(2, -1, 3))

    def clamp(self, changed: Tensor, recorded: Tensor, joints: list[int]) -> Tensor:
        """Rotations of some joints brought back into the range, or no farther out than they were recorded.

        changed, recorded: [..., J, 3, 3] for the J joints -> [..., J, 3, 3].
        """
        vectors, before = matrix_to_axis_angle(changed), matrix_to_axis_angle(recorded)
        lowest = torch.minimum(self.lowest[joints], before)
        highest = torch.maximum(self.highest[joints], before)
        return axis_angle_to_matrix(vectors.clamp(lowest, highest))

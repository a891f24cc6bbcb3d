"""What completes a gap without a model: slerp, cubic curves and the nearest training clip."""

import torch
from torch import Tensor

from vimo_pipeline import Motion
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.motion.bridging import bridge
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.motion.rotations import (
    heading_angle,
    matrix_to_6d,
    matrix_to_quaternion,
    sixd_to_matrix,
    turn_about_y,
)
from vimo_pipeline.pipelines.completing.keeping import Known, keep

_STRIDE = 10  # frames between the training windows that are looked at
_COMPARED = 10  # frames beside the gap in which training windows are compared


def slerped(motion: Motion, mask: Mask) -> Motion:
    """Every unknown joint goes the shortest way from its last known rotation to its next; the root a line."""
    return Motion.unpack(bridge(unpack_features(motion.pack()[None]), mask.kept[None]).pack()[0])


def cubic(motion: Motion, mask: Mask) -> Motion:
    """Hermite curves that also meet the speeds at both ends, of 6D rotations and of the root."""
    sixd, root = matrix_to_6d(motion.matrices()), motion.root.clone()
    for joint in range(24):
        for start, stop in gaps(mask.joints[:, joint]):
            sixd[start:stop, joint] = _hermite(sixd[:, joint], start, stop)
    for start, stop in gaps(mask.channel("path")):
        root[start:stop] = _hermite(root, start, stop)
    return Motion(matrix_to_quaternion(sixd_to_matrix(sixd)), root, motion.contacts)


class NearestClip:
    """The training window whose frames beside the gap are most alike, pasted in without a seam."""

    def __init__(self, motions: list[Motion], frames: int) -> None:
        self.bank = MotionBank([motion for motion in motions if len(motion) >= frames])
        self.places = _places(Motion(self.bank.rotations, self.bank.root, self.bank.contacts))
        starts = [
            int(first) + offset
            for first, length in zip(self.bank.starts, self.bank.lengths, strict=True)
            for offset in range(0, int(length) - frames + 1, _STRIDE)
        ]
        self.rows = torch.tensor(starts)[:, None] + torch.arange(frames)  # [N, T]

    def __call__(self, motion: Motion, mask: Mask) -> Motion:
        """Compared in `_COMPARED` frames on both sides of the gap, all joints, from the first of them."""
        start, stop = gaps(mask.whole_frames)[0]
        beside = [*range(start - _COMPARED, start), *range(stop, stop + _COMPARED)]
        wanted = _seen_from_first(_places(motion), torch.tensor(beside)[None])
        found = _seen_from_first(self.places, self.rows[:, beside])
        best = self.rows[(found - wanted).norm(dim=-1).mean((1, 2)).argmin()]
        window = Motion(self.bank.rotations[best], self.bank.root[best], self.bank.contacts[best])
        return Motion.unpack(keep(window.pack()[None], Known.of(motion, mask))[0])


def _places(motion: Motion) -> tuple[Tensor, Tensor]:
    """Joints [T, 24, 3] and headings [T]."""
    return motion.joints(), heading_angle(motion.matrices()[:, 0])


def _seen_from_first(places: tuple[Tensor, Tensor], rows: Tensor) -> Tensor:
    """Joints as seen from where the body stands and faces in the first frame of each row, [N, F, 24, 3]."""
    joints, headings = places
    pelvis = joints[rows[:, :1], :1] * joints.new_tensor([1, 0, 1])
    return (joints[rows] - pelvis) @ turn_about_y(-headings[rows[:, 0]]).mT[:, None]


def gaps(kept: Tensor) -> list[tuple[int, int]]:
    """First and one past the last frame of every gap between known frames. kept: [T]."""
    edges = torch.nn.functional.pad((~kept).long(), (1, 1)).diff()
    return list(
        zip((edges == 1).nonzero()[:, 0].tolist(), (edges == -1).nonzero()[:, 0].tolist(), strict=True)
    )


def _parts(start: int, stop: int) -> Tensor:
    return (torch.arange(start, stop) - start + 1) / (stop - start + 1)


def _hermite(curve: Tensor, start: int, stop: int) -> Tensor:
    """[T, D] -> [stop - start, D], with the speeds that the curve has before and after."""
    part, span = _parts(start, stop)[:, None], stop - start + 1
    first, last = curve[start - 1], curve[stop]
    leaving = (curve[start - 1] - curve[start - 2]) * span
    arriving = (curve[stop + 1] - curve[stop]) * span
    squared, cubed = part**2, part**3
    return (
        (2 * cubed - 3 * squared + 1) * first
        + (cubed - 2 * squared + part) * leaving
        + (3 * squared - 2 * cubed) * last
        + (cubed - squared) * arriving
    )

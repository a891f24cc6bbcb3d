"""One motion that leads into another: both placed on the same floor, the frames they share left open."""

import torch

from ...motion import Motion
from ...motion.mask import Mask
from ...motion.rotations import heading_angle


def overlapped(first: Motion, second: Motion, overlap: int) -> tuple[Motion, Mask]:
    """Both motions in a row that share `overlap` frames, and the mask that keeps all others.

    The second is turned about y and moved over the floor so that its shared frames lie on the first's, by
    least squares. Inside the overlap the first goes over into the second halfway.
    """
    _check(first, second, overlap)
    second = _continued(first, second, overlap)
    start, half = len(first) - overlap, overlap // 2
    middle = start + half
    pairs = [(getattr(first, name), getattr(second, name)) for name in ("rotations", "root", "contacts")]
    joined = [torch.cat([one[:middle], other[half:]]) for one, other in pairs]
    mask = Mask.everything(len(joined[0])).hide(frames=range(start, start + overlap))
    return Motion(*joined, fps=first.fps), mask


def _continued(first: Motion, second: Motion, overlap: int) -> Motion:
    """The second motion placed where the first leads."""
    ends, begins = first.matrices()[-overlap:, 0], second.matrices()[:overlap, 0]
    turned = second.turn(float(heading_angle((ends @ begins.mT).sum(0))))
    shift = (first.root[-overlap:] - turned.root[:overlap]).mean(0) * first.root.new_tensor([1, 0, 1])
    return Motion(turned.rotations, turned.root + shift, turned.contacts, turned.fps)


def _check(first: Motion, second: Motion, overlap: int) -> None:
    if first.fps != second.fps:
        raise ValueError(
            f"motions to blend must have one frame rate, got {first.fps:g} and {second.fps:g} fps; "
            "Motion.resample changes it"
        )
    shortest = min(len(first), len(second))
    if not 1 <= overlap < shortest:
        raise ValueError(
            f"overlap must be between 1 and {shortest - 1} frames, one less than the shorter of "
            f"{len(first)} and {len(second)}, got {overlap}"
        )

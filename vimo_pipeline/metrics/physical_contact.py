"""Physical foot contact: whether a body speeds up only while a foot pushes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..motion import Motion
from ..motion.skeleton import joint_indices

FPS = 30.0  # EDGE's: its score counts metres a frame
WINDOW = 150  # frames: EDGE's five seconds

_FLOOR = [0, 2]  # x and z
_SIDES = [joint_indices((f"{side}_ankle", f"{side}_foot")) for side in ("left", "right")]


@dataclass(frozen=True)
class PhysicalContact:
    """The score, and what tells a good one from a body that does nothing."""

    score: float
    """EDGE's PFC, mean over windows: 0 is best, and a statue has it."""
    energy: float
    """Mean ½ v² of the joints in those windows, J a kilogram: 0 is a statue."""
    windows: int
    """How many windows of five seconds there were."""


def physical_contact(motion: Motion) -> PhysicalContact:
    """PFC in windows of five seconds at 30 fps, one after the other, beside the energy of the motion.

    A score depends on the length of its clip, as it divides by the clip's largest acceleration (CMU clips
    have 1.8 in pieces of 5 s, 1.3 in pieces of 20 s): only windows of one length compare. What is left over
    at the end is not looked at. The score says nothing without the energy: `static_pose` has 0 and 0, people
    who stand and wave little (Bandai's held-out clips 0.17 at 0.37 J/kg), people who walk and dance more
    (CMU's 2.1 at 0.86), noise most (75 at 9.5). Clips at another rate are resampled, from 60 fps exactly; by
    way of 25 fps paths get kinks, and CMU's scores fall by a sixth.
    """
    joints = motion.resample(FPS).joints()
    count = len(joints) // WINDOW
    if not count:
        raise ValueError(
            f"physical contact is measured in windows of {WINDOW / FPS:g} seconds, this motion has "
            f"{motion.seconds:.2f}; whole_clip_contact takes shorter ones, but depends on their length"
        )
    windows = joints[: count * WINDOW].unflatten(0, (count, WINDOW))  # [W, 150, 24, 3]
    speed = windows.diff(dim=1) * FPS
    energy = speed.square().sum(-1).mean() / 2
    return PhysicalContact(float(whole_clip_contact(windows).mean()), float(energy), count)


def static_pose(motion: Motion) -> Motion:
    """The first frame held for as long as the motion lasts: the row that shows what doing nothing scores."""
    still = [part[:1].expand_as(part).clone() for part in (motion.rotations, motion.root)]
    return Motion(*still, torch.ones_like(motion.contacts), motion.fps)


def whole_clip_contact(joints: Tensor) -> Tensor:
    """PFC as EDGE prints it (eval/eval_pfc.py), of clips at 30 fps: [..., T, 24, 3] metres, y up -> [...].

    mean over frames of |a| / max |a| * left * right * 10000: a is the root's acceleration without its
    downward part, left and right are the metres a frame over the floor of the slower of ankle and toe.
    A root that never accelerates scores 0 here and divides by zero there.
    """
    if joints.shape[-3] < 3:
        raise ValueError(f"an acceleration needs three frames, got {joints.shape[-3]}")
    push = joints[..., 0, :].diff(n=2, dim=-2) * FPS**2  # [..., T - 2, 3]
    push = torch.cat([push[..., :1], push[..., 1:2].clamp(min=0), push[..., 2:]], -1).norm(dim=-1)
    push = push / push.amax(-1, keepdim=True).clamp(min=1e-12)
    slides = [joints[..., 1:, side, :][..., _FLOOR].diff(dim=-3).norm(dim=-1).amin(-1) for side in _SIDES]
    return 10_000 * (push * slides[0] * slides[1]).mean(-1)

"""Clips as the published dance metrics want them: 60 frames a second, y up, starting at the origin."""

from dataclasses import replace

from torch import Tensor

from ...motion import Motion
from ...motion.skeleton import NUM_JOINTS

FPS = 60.0
SHORTEST = 7  # frames: a window of five accelerations, each of which needs a frame on both sides


def joints_at_60(motion: Motion) -> Tensor:
    """Joints resampled to 60 fps, double precision, metres, [T, 24, 3]; the first pelvis is at the origin.

    All three coordinates of the first pelvis are subtracted, the height too, as in Bailando
    (utils/metrics_new.py). It is done before forward kinematics, so a far world costs no precision.
    """
    root = motion.root.double()
    start = replace(motion, rotations=motion.rotations.double(), root=root - root[0])
    return start.resample(FPS).joints()


def check_joints(joints: Tensor, fps: float) -> None:
    """Raise a ValueError unless joints are [T, 24, 3] at 60 fps and longer than the sliding window."""
    if joints.ndim != 3 or joints.shape[1:] != (NUM_JOINTS, 3):
        raise ValueError(
            f"joints must be [T, {NUM_JOINTS}, 3], the SMPL-24 skeleton, got {list(joints.shape)}; features "
            "of different skeletons cannot be compared"
        )
    if fps != FPS:
        raise ValueError(f"joints must be at 60 fps, got {fps}; joints_at_60(motion) resamples a motion")
    if len(joints) < SHORTEST:
        raise ValueError(
            f"a clip must have at least {SHORTEST} frames at 60 fps, the width of the sliding window, "
            f"got {len(joints)}"
        )

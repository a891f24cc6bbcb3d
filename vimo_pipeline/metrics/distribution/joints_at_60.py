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


def checked_joints(measured: Motion | Tensor, fps: float | None) -> Tensor:
    """A motion's joints at 60 fps, or the tensor if it is [..., T, 24, 3] at 60 fps, in double precision.

    A ValueError says what is wrong: other skeletons, another rate or none, too few frames.
    """
    joints, rate = (joints_at_60(measured), FPS) if isinstance(measured, Motion) else (measured, fps)
    if joints.ndim < 3 or joints.shape[-2:] != (NUM_JOINTS, 3):
        raise ValueError(
            f"joints must be [T, {NUM_JOINTS}, 3], the SMPL-24 skeleton, got {list(joints.shape)}; features "
            "of different skeletons cannot be compared"
        )
    if rate != FPS:
        raise ValueError(f"joints must be at 60 fps, got {rate}; a Motion is resampled")
    if joints.shape[-3] < SHORTEST:
        raise ValueError(
            f"a clip must have at least {SHORTEST} frames at 60 fps, the width of the sliding window, "
            f"got {joints.shape[-3]}"
        )
    return joints.double()

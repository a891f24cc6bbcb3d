"""AIST++ motion files (`smpl_poses`, `smpl_trans`, `smpl_scaling` in a pickle), and back."""

import pickle
from pathlib import Path

import numpy as np

from ..motion import Motion
from ..motion.rotations import axis_angle_to_quaternion, quaternion_to_axis_angle
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import shortened, whole_file
from .amass import smpl_arrays
from .array_pickle import unpickle_arrays
from .smpl import mean_shape_pelvis

FPS = 60.0  # of every AIST++ motion; the file does not say
GENDER = "male"  # AIST++ is fitted with the male SMPL model (aist_plusplus_api, demos)


def write_aistpp(motion: Motion, path: str | Path) -> None:
    """Write `smpl_poses` [T, 72], `smpl_trans` [T, 3] and `smpl_scaling` [1], resampled to 60 fps, y up."""
    motion = motion.resample(FPS)
    root = motion.root.detach().cpu()
    arrays = {
        "smpl_poses": quaternion_to_axis_angle(motion.rotations.detach().cpu()).flatten(1).float().numpy(),
        "smpl_trans": (root - mean_shape_pelvis(GENDER, like=root)).float().numpy(),
        "smpl_scaling": np.ones(1, dtype=np.float32),
    }
    with whole_file(path) as partial:
        partial.write_bytes(pickle.dumps(arrays, protocol=4))


def read_aistpp(path: str | Path) -> Motion:
    """Read an AIST++ pickle. `smpl_trans` is divided by `smpl_scaling`, which brings it to metres.

    `smpl_poses` is [T, 24, 3] by the AIST++ download page; files of [T, 72] are about, too.
    """
    arrays = unpickle_arrays(path)
    missing = [key for key in ("smpl_poses", "smpl_trans") if key not in arrays]
    if missing:
        raise ValueError(
            f"{path} is not an AIST++ motion: it has {shortened(sorted(arrays))} but no {', '.join(missing)}"
        )
    try:
        poses = arrays["smpl_poses"]
        poses = poses.reshape(len(poses), -1) if poses.shape[1:] == (NUM_JOINTS, 3) else poses
        axis_angles, trans = smpl_arrays(poses, arrays["smpl_trans"], fps=FPS)
        scaling = float(arrays.get("smpl_scaling", np.ones(1)).reshape(-1)[0])
        if not 0 < scaling < float("inf"):
            raise ValueError(f"smpl_scaling must be a positive number, got {scaling}")
        root = trans / scaling + mean_shape_pelvis(GENDER, like=trans)
        return Motion.from_rotations(axis_angle_to_quaternion(axis_angles).float(), root.float(), fps=FPS)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"cannot read {path}: {shortened(error)}") from error

"""NPZ in AMASS layout (SMPL axis-angles, z up), and back."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..motion import Motion
from ..motion.rotations import axis_angle_to_matrix, matrix_to_quaternion, quaternion_to_axis_angle
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import check_length, read_arrays, shortened, whole_file
from .smpl import mean_shape_pelvis

MAX_BYTES = 256 * 2**20  # unpacked
GENDER = "male"  # the mean shape our rest offsets belong to: with it, smplx gives exactly our joints
BODY_JOINTS = 22  # SMPL, SMPL-H and SMPL-X agree on these; then come two hands, or fingers and a face
WIDTHS = {72: "SMPL", 156: "SMPL-H", 165: "SMPL-X"}

_WANTED = ("poses", "trans", "mocap_framerate", "mocap_frame_rate", "gender", "up_axis")
_Y_TO_Z_UP = axis_angle_to_matrix(torch.tensor([torch.pi / 2, 0.0, 0.0], dtype=torch.float64))


def write_amass(motion: Motion, path: str | Path) -> None:
    """Write `poses` [T, 72], `trans` [T, 3], `mocap_framerate`, `gender`, `betas` and `up_axis`.

    As in AMASS the world is z up (a body at rest faces -y) and `trans` is SMPL's, not the pelvis (smpl.py).
    """
    rotations = motion.rotations.detach().cpu().double().clone()
    rotations[:, 0] = matrix_to_quaternion(_Y_TO_Z_UP @ motion.matrices()[:, 0].detach().cpu().double())
    root = motion.root.detach().cpu().double() @ _Y_TO_Z_UP.mT
    trans = root - mean_shape_pelvis(GENDER, like=root)
    with whole_file(path) as partial:
        np.savez_compressed(
            partial, poses=quaternion_to_axis_angle(rotations).flatten(1).float().numpy(),
            trans=trans.float().numpy(), mocap_framerate=np.float64(motion.fps), gender=np.array(GENDER),
            betas=np.zeros(16, dtype=np.float32), up_axis=np.array("z"),
        )  # fmt: skip


def read_amass(path: str | Path) -> Motion:
    """Read an AMASS file of SMPL, SMPL-H or SMPL-X. Fingers and face are dropped; betas are taken as zero.

    z is up unless the file says `up_axis` = "y", which AMASS itself never does.
    """
    arrays = read_arrays(path, _WANTED, max_bytes=MAX_BYTES)
    try:
        return _assemble(arrays)
    except (TypeError, ValueError) as error:
        raise ValueError(f"cannot read {path}: {shortened(error)}") from error


def _assemble(arrays: dict[str, np.ndarray]) -> Motion:
    rate = next((arrays[key] for key in ("mocap_framerate", "mocap_frame_rate") if key in arrays), None)
    missing = [key for key in ("poses", "trans") if key not in arrays]
    missing += ["mocap_framerate"] if rate is None else []
    if missing:
        there = shortened(sorted(arrays))
        raise ValueError(f"not a motion in AMASS layout: it has {there} but no {', '.join(missing)}")
    fps = float(np.asarray(rate).item())
    axis_angles, trans = smpl_arrays(arrays["poses"], arrays["trans"], fps=fps)
    root = trans + mean_shape_pelvis(_word(arrays.get("gender", "neutral")), like=trans)
    matrices = axis_angle_to_matrix(axis_angles)
    if _word(arrays.get("up_axis", "z")) != "y":
        root = root @ _Y_TO_Z_UP
        matrices[:, 0] = _Y_TO_Z_UP.mT @ matrices[:, 0]
    return Motion.from_rotations(matrix_to_quaternion(matrices).float(), root.float(), fps=fps)


def smpl_arrays(poses, trans, *, fps: float) -> tuple[Tensor, Tensor]:
    """Check what a file calls poses and trans: axis-angles [T, 24, 3] and positions [T, 3], float64."""
    poses, trans = np.asarray(poses), np.asarray(trans)
    if poses.ndim != 2 or poses.shape[1] not in WIDTHS or len(poses) == 0:
        wanted = ", ".join(f"{width} ({model})" for width, model in WIDTHS.items())
        raise ValueError(f"poses must be [T, D] with D one of {wanted}, got {list(poses.shape)}")
    check_length(len(poses), fps)
    if trans.shape != (len(poses), 3):
        raise ValueError(f"trans must be [{len(poses)}, 3], got {list(trans.shape)}")
    if any(array.dtype.kind not in "fiu" for array in (poses, trans)):
        raise ValueError(f"poses and trans must be numbers, got {poses.dtype} and {trans.dtype}")
    if not (np.isfinite(poses).all() and np.isfinite(trans).all()):
        raise ValueError("poses or trans hold NaN or infinity")
    known = NUM_JOINTS if poses.shape[1] == NUM_JOINTS * 3 else BODY_JOINTS
    axis_angles = torch.zeros(len(poses), NUM_JOINTS, 3, dtype=torch.float64)
    known_poses = torch.from_numpy(poses[:, : known * 3].astype(np.float64))
    axis_angles[:, :known] = known_poses.unflatten(1, (known, 3))
    return axis_angles, torch.from_numpy(trans.astype(np.float64))


def _word(value) -> str:
    """A word that a file may hold as text or bytes, alone or in an array."""
    words = np.asarray(value).reshape(-1).tolist()
    if len(words) != 1:
        raise ValueError(f"gender and up_axis must be one word each, got {len(words)}")
    return words[0].decode("ascii", "replace") if isinstance(words[0], bytes) else str(words[0])

"""AIST++ motion files (`smpl_poses`, `smpl_trans`, `smpl_scaling` in a pickle), and back."""

import io
import pickle
import pickletools
from pathlib import Path

import numpy as np

from ..motion import Motion
from ..motion.rotations import axis_angle_to_quaternion, quaternion_to_axis_angle
from ..motion.skeleton import NUM_JOINTS
from ..whole_file import read_whole, shortened, whole_file
from .amass import smpl_arrays
from .smpl import mean_shape_pelvis

FPS = 60.0  # of every AIST++ motion; the file does not say
GENDER = "male"  # AIST++ is fitted with the male SMPL model (aist_plusplus_api, demos)
MAX_BYTES = 128 * 2**20
MAX_OPCODES = 10_000  # of a pickle; a dictionary of ten arrays takes some 200


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
            f"{path} is not an AIST++ motion: it has {shortened(sorted(map(str, arrays)))} but no "
            f"{', '.join(missing)}"
        )
    try:
        poses = np.asarray(arrays["smpl_poses"])
        poses = poses.reshape(len(poses), -1) if poses.shape[1:] == (NUM_JOINTS, 3) else poses
        axis_angles, trans = smpl_arrays(poses, arrays["smpl_trans"], fps=FPS)
        scaling = float(np.asarray(arrays.get("smpl_scaling", 1.0)).reshape(-1)[0])
        if not 0 < scaling < float("inf"):
            raise ValueError(f"smpl_scaling must be a positive number, got {scaling}")
        root = trans / scaling + mean_shape_pelvis(GENDER, like=trans)
        return Motion.from_rotations(axis_angle_to_quaternion(axis_angles).float(), root.float(), fps=FPS)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"cannot read {path}: {error}") from error


def unpickle_arrays(path: str | Path) -> dict:
    """A dictionary of NumPy arrays. Whatever else a pickle asks for is refused before it is looked up."""
    content = read_whole(path, max_bytes=MAX_BYTES)
    try:
        _refuse_monsters(content)
        loaded = _ArrayUnpickler(io.BytesIO(content), encoding="latin1").load()
    except Exception as error:  # a mangled pickle can fail in any way at all
        raise ValueError(f"{path} is not a pickle of NumPy arrays: {shortened(error)}") from error
    if not isinstance(loaded, dict):
        raise ValueError(f"{path} holds a {type(loaded).__name__}, an AIST++ file is a dictionary of arrays")
    return loaded


def _refuse_monsters(content: bytes) -> None:
    """A few bytes can ask for gigabytes: by endless small objects, or by a far place in the memo."""
    for number, (opcode, argument, _) in enumerate(pickletools.genops(content)):
        if number >= MAX_OPCODES or ("PUT" in opcode.name and argument >= MAX_OPCODES):
            raise pickle.UnpicklingError(f"it has more than {MAX_OPCODES} parts")


def _latin1(text: str, encoding: str = "latin1") -> bytes:
    """What Python 3 pickles of an old protocol write for bytes. Other encodings can be slow without end."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"it asks for the encoding {encoding!r}, which is refused")
    return text.encode(encoding)


def _dtype(code: str, *rest: bool) -> np.dtype:
    """A type of numbers by its short code, as "f4"; structures could be as large as the file."""
    if not isinstance(code, str) or len(code) > 8:
        raise pickle.UnpicklingError("it asks for a structured type, which is refused")
    return np.dtype(code, *rest)


_ARRAY_BUILDERS = {
    "_reconstruct": np.empty(0).__reduce__()[0],
    "_frombuffer": np.empty(0).__reduce_ex__(5)[0],
    "scalar": np.float64(0).__reduce__()[0],
    "ndarray": np.ndarray,
    "dtype": _dtype,
}


class _ArrayUnpickler(pickle.Unpickler):
    """Knows only what NumPy needs to rebuild an array, by whichever module path NumPy 1 or 2 wrote."""

    def find_class(self, module: str, name: str):
        if (module, name) == ("_codecs", "encode"):
            return _latin1
        if module.split(".")[0] != "numpy" or name not in _ARRAY_BUILDERS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is refused")
        return _ARRAY_BUILDERS[name]

"""An SMPL model as it is given out, a pickle, becomes the NPZ that ViMo reads.

    python scripts/smpl_to_npz.py SMPL_NEUTRAL.pkl SMPL_NEUTRAL.npz

Needs neither chumpy nor scipy, whose objects such pickles hold, and looks up nothing but NumPy's arrays: a
pickle that asks for anything else is refused. The file stays under the licence that you agreed to.
"""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from numpy import ndarray

from vimo_pipeline.export.meshes_smpl import NEEDED, load_smpl
from vimo_pipeline.whole_file import whole_file

NUMPY = {
    "_reconstruct": np.empty(0).__reduce__()[0],
    "scalar": np.float64(0).__reduce__()[0],
    "ndarray": np.ndarray,
    "dtype": np.dtype,
}
PLAIN = {  # how Python 2 wrote objects, and Python 3 bytes
    ("copy_reg", "_reconstructor"): lambda kind, *_: kind(),
    ("copyreg", "_reconstructor"): lambda kind, *_: kind(),
    ("__builtin__", "object"): object,
    ("builtins", "object"): object,
    ("_codecs", "encode"): lambda text, _: text.encode("latin1"),
}


class Kept:
    """An object of chumpy or scipy, of which only the state is kept."""

    def __init__(self, *_: Any) -> None:
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: Any) -> None:
        self.state = state if isinstance(state, dict) else {}

    def array(self) -> ndarray:
        """chumpy's `x`, or a scipy matrix that is stored by columns."""
        state = self.state
        if "x" in state:
            return np.asarray(state["x"])
        rows, columns = state.get("_shape", state.get("shape"))
        dense = np.zeros((rows, columns))
        places = np.repeat(np.arange(columns), np.diff(state["indptr"]))
        dense[state["indices"], places] = state["data"]
        return dense


class Reader(pickle.Unpickler):
    """Makes arrays, and keeps the state of what chumpy and scipy would make."""

    def find_class(self, module: str, name: str) -> Any:
        """What a pickle asks for by name."""
        if module.split(".")[0] == "numpy" and name in NUMPY:
            return NUMPY[name]
        if module.split(".")[0] == "chumpy" or (
            module.startswith("scipy.sparse") and name.startswith("csc_")
        ):
            return Kept
        if (module, name) in PLAIN:
            return PLAIN[module, name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no SMPL model needs")


def convert(source: Path, target: Path, /) -> None:
    """Read the pickle, write the NPZ and check that it can be used."""
    with source.open("rb") as file:
        model = Reader(file, encoding="latin1").load()
    arrays = {name: model[name].array() if isinstance(model[name], Kept) else model[name] for name in NEEDED}
    with whole_file(target) as partial:
        np.savez_compressed(partial, **arrays)
        load_smpl(partial)


if __name__ == "__main__":
    tyro.cli(convert)

"""An SMPL model as it is given out, a pickle, becomes the NPZ that ViMo reads.

    python scripts/smpl_to_npz.py SMPL_NEUTRAL.pkl SMPL_NEUTRAL.npz

Needs neither chumpy nor scipy, whose objects such pickles hold, and runs nothing of a pickle: one that asks
for anything else than arrays and those objects is refused. The file stays under the licence that you agreed
to.
"""

from operator import index
from pathlib import Path
from typing import Any

import numpy as np
import tyro
from numpy import ndarray

from vimo_pipeline.export.array_pickle import NumpyName, unpickle
from vimo_pipeline.export.meshes_smpl import MAX_BYTES, NEEDED, load_smpl
from vimo_pipeline.whole_file import shortened, whole_file

PLAIN = {  # how Python 2 wrote objects
    ("copy_reg", "_reconstructor"): lambda kind, *_: kind(),
    ("copyreg", "_reconstructor"): lambda kind, *_: kind(),
    ("__builtin__", "object"): None,
    ("builtins", "object"): None,
}


def convert(source: Path, target: Path, /) -> None:
    """Read the pickle, write the NPZ and check that it can be used."""
    model = unpickle(source, max_bytes=MAX_BYTES, find=find)
    try:
        arrays = {name: numbers(model[name]) for name in NEEDED}
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"{source} holds no SMPL model: {shortened(repr(error))}") from error
    with whole_file(target) as partial:
        np.savez_compressed(partial, **arrays)
        try:
            load_smpl(partial)
        except ValueError as error:
            raise ValueError(f"{source} holds no SMPL model: {shortened(error)}") from error


def numbers(found: Any) -> ndarray:
    """An array, whoever kept it."""
    return np.asarray(getattr(found, "array", found))


class Kept:
    """An object of chumpy or scipy, of which only the state is kept."""

    def __init__(self, *_: Any) -> None:
        self.state: dict[str, Any] = {}

    def fill(self, **state: Any) -> None:
        """What it was."""
        self.state = state

    @property
    def array(self) -> ndarray:
        """chumpy's `x`, or a scipy matrix that is stored by columns."""
        if "x" in self.state:
            return numbers(self.state["x"])
        rows, columns = map(index, self.state.get("_shape", self.state.get("shape")))
        starts, places, filled = (numbers(self.state[name]) for name in ("indptr", "indices", "data"))
        counts = np.diff(starts)
        if not 0 < 8 * rows * columns <= MAX_BYTES or counts.min() < 0 or counts.sum() != len(places):
            raise ValueError(f"it holds a matrix of {rows} x {columns} that its places do not fit")
        dense = np.zeros((rows, columns))
        dense[places, np.repeat(np.arange(columns), counts)] = filled
        return dense


def find(module: str, name: str) -> Any:
    """What stands for what a pickle asks for by name."""
    if module.split(".")[0] == "chumpy" or (module.startswith("scipy.sparse") and name.startswith("csc_")):
        return Kept
    return PLAIN[module, name] if (module, name) in PLAIN else NumpyName(module, name)


if __name__ == "__main__":
    tyro.cli(convert)

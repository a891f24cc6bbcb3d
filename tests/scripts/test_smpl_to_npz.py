"""A pickle in SMPL's form, with the objects of chumpy and scipy in it, becomes an NPZ."""

import pickle
import runpy
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csc_matrix

from vimo_pipeline.export.meshes_smpl import load_smpl

from ..export.smpl_files import smpl_arrays, write_smpl

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "smpl_to_npz.py"))


class Ch:
    """What chumpy's arrays are to a pickle."""

    __module__ = "chumpy.ch"

    def __init__(self, x):
        self.x = x


@pytest.fixture
def chumpy(monkeypatch):
    """Lets `Ch` be pickled under chumpy's name, and takes it away before anything is read."""
    module = types.ModuleType("chumpy.ch")
    module.Ch = Ch
    monkeypatch.setitem(sys.modules, "chumpy", types.ModuleType("chumpy"))
    monkeypatch.setitem(sys.modules, "chumpy.ch", module)
    yield
    assert "chumpy.ch" not in sys.modules


@pytest.mark.parametrize("protocol", [0, 2])
def test_the_same_model_either_way(tmp_path, chumpy, protocol):
    arrays = smpl_arrays()
    model = arrays | {
        "v_template": Ch(arrays["v_template"]),
        "shapedirs": Ch(arrays["shapedirs"]),
        "J_regressor": csc_matrix(arrays["J_regressor"]),
        "bs_style": "lbs",
    }
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model, protocol=protocol))
    for name in ("chumpy", "chumpy.ch"):
        del sys.modules[name]
    SCRIPT["convert"](tmp_path / "model.pkl", tmp_path / "model.npz")
    converted, written = (
        load_smpl(path) for path in (tmp_path / "model.npz", write_smpl(tmp_path / "own.npz"))
    )
    for name in ("template", "faces", "joints", "weights", "pose_directions"):
        np.testing.assert_array_equal(getattr(converted, name), getattr(written, name))


def test_text_as_python_2_wrote_it(tmp_path):
    """SMPL's own files are such: bytes of numbers are strings with escapes."""
    arrays, lines = smpl_arrays(), [b"(d"]
    for name, array in arrays.items():
        code, shape = array.dtype.str[1:].encode(), b"".join(b"I%d\n" % side for side in array.shape)
        lines.append(b"S'%s'\n" % name.encode() + b"cnumpy.core.multiarray\n_reconstruct\n")
        lines.append(b"(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(" + shape + b"t")
        lines.append(b"cnumpy\ndtype\n(S'%s'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\n" % code)
        lines.append(b"S" + repr(array.tobytes())[1:].encode() + b"\ntbs")
    (tmp_path / "model.pkl").write_bytes(b"".join(lines) + b".")
    SCRIPT["convert"](tmp_path / "model.pkl", tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as converted:
        for name in converted:
            np.testing.assert_array_equal(converted[name], arrays[name])


def test_a_pickle_with_a_payload_is_refused(tmp_path):
    (tmp_path / "model.pkl").write_bytes(b"cos\nsystem\n(S'touch opened'\ntR.")
    with pytest.raises(ValueError, match=r"model\.pkl .* asks for os\.system"):
        SCRIPT["convert"](tmp_path / "model.pkl", tmp_path / "model.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["model.pkl"]


def test_what_cannot_be_used_is_not_written(tmp_path):
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(smpl_arrays() | {"f": np.zeros((0, 3))}))
    with pytest.raises(ValueError, match=r"model\.pkl holds no SMPL model"):
        SCRIPT["convert"](tmp_path / "model.pkl", tmp_path / "model.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["model.pkl"]

"""Pickles that want to run something, or to cost more than they weigh."""

import pickle
import sys
import types
from functools import partial, reduce
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.export import read_aistpp
from vimo_pipeline.export.array_pickle import unpickle_arrays

from ..export.smpl_files import smpl_arrays
from .doors import DOORS
from .watch import TRAP, survives

READERS = (read_aistpp, DOORS["smpl pickle"].read)
TOUCH = f"touch {TRAP}"


class Call:
    """Unpickling this calls something."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def arrays(**others) -> dict:
    generator = np.random.default_rng(0)
    return {"smpl_poses": generator.normal(size=(5, 72)), "smpl_trans": np.ones((5, 3))} | others


CALLS = {
    "touch": Call(Path.touch, Path(TRAP)),
    "exec": Call(exec, f"open({TRAP!r}, 'w')"),
    "eval": Call(eval, f"open({TRAP!r}, 'w')"),
    "open": Call(open, TRAP, "w"),
    "save": Call(np.save, TRAP, 1),
    "part": Call(partial(open, TRAP, "w")),
    "chain": Call(reduce, open, [TRAP, "w"]),
    "getattr": Call(getattr, np.ndarray, "tofile"),
    "map": Call(map, exec, [TRAP]),
    "import": Call(__import__, "os"),
    "an array": Call(np.ndarray, (10**12,)),
    "zeros": Call(np.zeros, 10**12),
    "bytes": Call(bytes, 10**12),
    "numbers": Call(range, 10**12),
}


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_called(call, protocol, tmp_path):
    path = tmp_path / "stranger.pkl"
    for content in (CALLS[call], arrays(smpl_poses=CALLS[call]), arrays(other=[CALLS[call]])):
        path.write_bytes(pickle.dumps(content, protocol=protocol))
        assert all(survives(read, path) for read in READERS)


NAMES = (
    "os system", "posix system", "nt system", "subprocess Popen", "builtins eval", "__builtin__ eval",
    "numpy load",
    "numpy.lib.npyio load", "numpy.ctypeslib load_library", "numpy.f2py compile", "numpy.testing runstring",
    "numpy.core.multiarray ndarray.tofile", "numpy dtype.__reduce__", "numpyx dtype", ".numpy dtype",
    "numpy. os",
    "_codecs decode", "codecs encode", "_codecs lookup", "copyreg _reconstructor", "copyreg add_extension",
    "torch._utils _rebuild_tensor", "vimo_pipeline.cli main", "functools partial", "operator attrgetter",
    "pickle loads", "runpy run_path", "webbrowser open", "importlib import_module", "types FunctionType",
    "numpy ndarray\x00", "numpy " + "A" * 50_000, "\ud800 a",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_other_name_is_looked_up(name, tmp_path):
    path = tmp_path / "stranger.pkl"
    module, member = (part.encode(errors="surrogatepass") for part in name.split(" ", 1))
    short = b"".join(b"X" + len(part).to_bytes(4, "little") + part for part in (module, member))
    call = f"(S'{TOUCH}'\ntR.".encode()
    for asked in (b"c" + module + b"\n" + member + b"\n", b"\x80\x04" + short + b"\x93"):
        for rest in (b".", call, b")\x81.", b")R}b."):
            path.write_bytes(asked + rest)
            assert all(survives(read, path) for read in READERS)


def laughs(levels: int) -> bytes:
    """A tuple of two tuples of two tuples ..."""
    return b"(" + b"I1\nI2\nt" + b"".join(b"p%d\n0g%d\ng%d\n\x86" % (k, k, k) for k in range(levels))


MONSTERS = {
    "laughs": laughs(60) + b".",
    "laughs for a key": b"}" + laughs(60) + b"I1\ns.",
    "laughs for an array": b"}S'smpl_poses'\n" + laughs(60) + b"s.",
    "laughs for a shape": b"cnumpy\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n"
    + laughs(60)
    + b"tb.",
    "itself": b"]p0\ng0\nag0\na.",
    "a far place": b"I1\np1000000000000\n.",
    "a far place again": b"I1\nr\xff\xff\xff\xff.",
    "a negative place": b"I1\np-1\n.",
    "marks": b"(" * 5_000_000 + b".",
    "little lists": b"]" * 5_000_000 + b".",
    "a long number": b"I" + b"9" * 1_000_000 + b"\n.",
    "a long long number": b"L" + b"9" * 1_000_000 + b"L\n.",
    "a longer number": b"\x8b\xff\xff\xff\x7f" + b"\xff" * 1000 + b".",
    "long bytes": b"\x8e" + b"\xff" * 7 + b"\x7f" + b".",
    "a long frame": b"\x80\x04\x95" + b"\xff" * 8 + b"}.",
    "an extension": b"\x82\x01.",
    "a persistent name": b"Pabc\n.",
    "a buffer from outside": b"\x80\x05\x97.",
    "an instance": b"(ios\nsystem\n.",
    "an object": b"(cos\nsystem\no.",
    "nothing on the stack": b"0.",
    "twice": b"}2.",
    "no end": b"}",
    "another version": b"\x80\xff}.",
    "a type of itself": b"cnumpy\ndtype\n(S'O8'\ntR.",
    "a giant type": b"cnumpy\ndtype\n(S'V2147483647'\ntR.",
    "a slow word": b"c_codecs\nencode\n(V" + b"a" * 100_000 + b"\nS'punycode'\ntR.",
    "a state for a name": b"cnumpy\nndarray\n}b.",
    "a state for a dictionary": b"}(S'update'\nI1\ntb.",
}


@pytest.mark.parametrize("monster", MONSTERS)
def test_few_bytes_cost_little(monster, tmp_path):
    path = tmp_path / "stranger.pkl"
    path.write_bytes(MONSTERS[monster])
    assert all(survives(read, path) for read in READERS)


STATES = (
    (1, (10**12, 72), "f8", False, b""), (1, (-1, 72), "f8", False, bytes(8 * 72)), (1, (5, 72), "f8",
    False, None),
    (1, (5, 72), "O", False, [None] * 360), (1, ((5,), 72), "f8", False, bytes(8 * 360)), (1, None, "f8",
    0, b""),
    (1, (0, 72), "f8", False, b""), (1, (5, 72), "f8", False, bytes(8 * 359)), (1, (1,) * 70, "f8", 0,
    bytes(8)),
    (1, (5, 72), "c16", False, bytes(16 * 360)), (1, (5, 72), "f8", False, b"\xff" * 8 * 360), (1,), (),
    "state",
)  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=range(len(STATES)))
def test_arrays_are_as_large_as_their_bytes(state, tmp_path):
    class Array:
        def __reduce__(self):
            whole = (
                state if len(state) < 3 or state == "state" else (*state[:2], np.dtype(state[2]), *state[3:])
            )
            return (*np.zeros(1).__reduce__()[:2], whole)

    path = tmp_path / "stranger.pkl"
    for protocol in range(5):
        path.write_bytes(pickle.dumps(arrays(smpl_poses=Array()), protocol=protocol))
        assert survives(read_aistpp, path)


def test_what_is_honest_still_comes_through(tmp_path):
    path = tmp_path / "friend.pkl"
    kept = {
        "a": np.arange(6).reshape(2, 3),
        "b": np.arange(6.0).reshape(3, 2).T,
        "c": np.float32(2),
        "d": 3,
        "e": 0.5,
    }
    kept["f"], kept["g"] = np.arange(4, dtype=">i2"), np.array([True, False])
    for protocol in range(6):
        path.write_bytes(pickle.dumps(kept | {"words": ["a"], 5: 1, "none": None}, protocol=protocol))
        found = unpickle_arrays(path)
        assert found.keys() == kept.keys()
        for name, array in kept.items():
            np.testing.assert_array_equal(found[name], array)


MATRICES = {
    "large": {"_shape": (10**6, 10**6)}, "endless": {"_shape": (10**30, 1)}, "negative": {"_shape": (-5, -5)},
    "of words": {"_shape": "ab"}, "flat": {"_shape": (5,)}, "nothing": {},
    "of fractions": {"_shape": (1.5, 2)},
    "far places": {"indices": [10**9, 0]}, "many": {"indptr": np.array([0, 10**12])},
    "backwards": {"indptr": np.array([0, 2, 0])}, "numbers": {"x": "words"}, "objects": {"x": [{}]},
}  # fmt: skip


class Kept:
    """What a matrix of scipy, or of chumpy, is to a pickle."""

    __module__ = "chumpy.ch"


@pytest.mark.parametrize("matrix", MATRICES)
def test_a_matrix_is_as_large_as_its_claims_allow(matrix, tmp_path, monkeypatch):
    healthy = {"_shape": (24, 2), "indptr": np.array([0, 1, 2]), "indices": [0, 1], "data": [1.0, 1.0]}
    for name in ("chumpy", "chumpy.ch"):
        monkeypatch.setitem(sys.modules, name, types.SimpleNamespace(Kept=Kept))
    kept = Kept()
    kept.__dict__.update(healthy if matrix != "nothing" else {}, **MATRICES[matrix])
    path = tmp_path / "stranger.pkl"
    path.write_bytes(pickle.dumps(smpl_arrays(vertices=40) | {"J_regressor": kept}, protocol=2))
    assert survives(DOORS["smpl pickle"].read, path)

"""AIST++ pickles, the friendly and the hostile."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.export.aistpp import read_aistpp, write_aistpp
from vimo_pipeline.export.smpl import mean_shape_pelvis

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "aistpp" / "sample_smpl.pkl"


def write(arrays, path: Path, protocol: int = 4) -> Path:
    path.write_bytes(pickle.dumps(arrays, protocol=protocol))
    return path


def good() -> dict:
    generator = np.random.default_rng(3)
    return {
        "smpl_poses": generator.normal(size=(5, 72)) * 0.3,
        "smpl_trans": generator.normal(size=(5, 3)).astype(np.float32),
        "smpl_scaling": np.array([1.0]),
    }


def test_the_motion_comes_back_at_60_fps(tumble, tmp_path):
    write_aistpp(tumble, tmp_path / "a.pkl")
    back = read_aistpp(tmp_path / "a.pkl")
    assert back.fps == 60 and len(back) == 121
    assert_close(back.joints()[::2], tumble.joints(), atol=1e-4, rtol=0)


def test_it_has_the_keys_of_aistpp(tumble, tmp_path):
    write_aistpp(tumble, tmp_path / "a.pkl")
    arrays = pickle.loads((tmp_path / "a.pkl").read_bytes())
    assert {key: array.shape for key, array in arrays.items()} == {
        "smpl_poses": (121, 72), "smpl_trans": (121, 3), "smpl_scaling": (1,),
    }  # fmt: skip


def test_trans_is_divided_by_scaling(tmp_path):
    plain = read_aistpp(write(good(), tmp_path / "a.pkl"))
    scaled = good() | {"smpl_trans": good()["smpl_trans"] * 93, "smpl_scaling": np.array([93.0])}
    assert_close(read_aistpp(write(scaled, tmp_path / "b.pkl")).root, plain.root)
    pelvis = mean_shape_pelvis("male", like=plain.root)
    assert_close(plain.root, torch.from_numpy(good()["smpl_trans"]) + pelvis)


def test_poses_may_be_a_row_or_a_table(tmp_path):
    wanted = read_aistpp(write(good(), tmp_path / "a.pkl"))
    table = good() | {"smpl_poses": good()["smpl_poses"].reshape(5, 24, 3)}
    assert_close(read_aistpp(write(table, tmp_path / "b.pkl")).joints(), wanted.joints())


@pytest.mark.parametrize("protocol", range(6))
def test_every_pickle_protocol_is_read(tmp_path, protocol):
    wanted = read_aistpp(write(good(), tmp_path / "a.pkl"))
    assert_close(read_aistpp(write(good(), tmp_path / "b.pkl", protocol)).joints(), wanted.joints())


@pytest.mark.parametrize("old, new", [(b"numpy.core", b"numpy._core"), (b"numpy._core", b"numpy.core")])
def test_files_of_numpy_1_and_2_are_read(tmp_path, old, new):
    content = pickle.dumps(good(), protocol=2).replace(b"c" + old + b".", b"c" + new + b".")
    (tmp_path / "a.pkl").write_bytes(content)
    assert len(read_aistpp(tmp_path / "a.pkl")) == 5


class Attack:
    """Unpickling this would call a function of the attacker's choice."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


@pytest.mark.parametrize("protocol", range(6))
def test_a_malicious_pickle_runs_nothing(tmp_path, protocol):
    trap = tmp_path / "trap"
    for attack in (
        Attack(Path.touch, trap),
        Attack(exec, f"open({str(trap)!r}, 'w')"),
        Attack(np.save, trap, 1),
    ):
        file = write(good() | {"smpl_poses": attack}, tmp_path / "a.pkl", protocol)
        with pytest.raises(ValueError, match="is not a pickle of NumPy arrays"):
            read_aistpp(file)
        assert not list(tmp_path.glob("trap*"))


def test_names_inside_numpy_open_no_door(tmp_path):
    """numpy.X.dtype must mean numpy's dtype, whatever X is, and everything else must be refused."""
    for module, name in (
        ("numpy", "load"),
        ("numpy.f2py", "compile"),
        ("builtins", "eval"),
        ("numpyx", "dtype"),
    ):
        (tmp_path / "a.pkl").write_bytes(f"c{module}\n{name}\n.".encode())
        with pytest.raises(ValueError, match=f"{module}.{name}, which is refused"):
            read_aistpp(tmp_path / "a.pkl")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"smpl_poses": np.zeros((5, 24, 4))}, "poses must be"),
        ({"smpl_poses": np.full((5, 72), np.inf)}, "infinity"),
        ({"smpl_poses": "none"}, "no smpl_poses"),
        ({"smpl_trans": np.zeros((5, 2))}, "trans must be"),
        ({"smpl_scaling": np.zeros(1)}, "smpl_scaling must be a positive number"),
        ({"smpl_scaling": np.zeros(0)}, "cannot read"),
    ],
)
def test_wrong_content_is_named(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        read_aistpp(write(good() | change, tmp_path / "a.pkl"))


def test_other_pickles_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no smpl_poses"):
        read_aistpp(write({"poses": np.zeros(3), 5: 1}, tmp_path / "a.pkl"))
    with pytest.raises(ValueError, match="holds a list"):
        read_aistpp(write([1, 2], tmp_path / "a.pkl"))
    whole = write(good(), tmp_path / "a.pkl").read_bytes()
    for cut in (1, 40, len(whole) - 3):
        (tmp_path / "a.pkl").write_bytes(whole[:-cut])
        with pytest.raises(ValueError, match="is not a pickle"):
            read_aistpp(tmp_path / "a.pkl")


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"the AIST++ sample is not at {SAMPLE}")
def test_a_genuine_file_is_read():
    motion = read_aistpp(SAMPLE)
    assert len(motion) == 127
    joints = motion.joints()
    assert (joints[:, 15, 1] > joints[:, :12, 1].amax(1)).all(), "the head is above the legs of a dancer"
    assert joints.diff(dim=0).norm(dim=-1).max() * 60 < 15, "nothing moves faster than 15 m/s"

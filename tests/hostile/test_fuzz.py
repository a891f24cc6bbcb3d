"""hypothesis looks for what the corpus does not have. VIMO_FUZZ=100 lets it look a hundred times longer."""

import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vimo_pipeline.motion.mask import Mask

from .archives import npz_with
from .damage import NASTY_WORDS
from .doors import DOORS
from .test_damage import damaged
from .watch import survives

HOSTILE = settings.get_profile("hostile")
STARTS = (
    b"",
    b"HIERARCHY\n",
    b"glTF\2\0\0\0",
    b"PK\3\4",
    b"\x80\4",
    b"[",
    b"{",
    b"GIF89a",
    b"\0\0\0\x18ftypmp42",
)
QUICK = (
    "keypoints",
    "openpose",
    "alphapose",
    "bvh",
    "bvh of a rig",
    "names of a rig",
    "glb",
    "amass",
    "aist motion",
    "smpl pickle",
    "results",
    "wav",
    "flac",
    "ogg",
    "mp3",
)

numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([0, -1, 10**6, 2**63, 1e308, 1e-320]), st.booleans(),
    st.none()
)  # fmt: skip
documents = st.recursive(
    numbers | st.text(max_size=20) | st.sampled_from(NASTY_WORDS),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=10), inner, max_size=6),
    max_leaves=20,
)
any_array = arrays.arrays(
    st.one_of(arrays.scalar_dtypes(), arrays.byte_string_dtypes(), arrays.unicode_string_dtypes()),
    arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6),
)


@pytest.fixture(scope="module")
def healthy_files(tmp_path_factory) -> Callable[[str], dict[str, bytes]]:
    """The bytes of every file of a healthy folder by its path in there; of a file, under "."."""
    made: dict[str, dict[str, bytes]] = {}

    def content(door: str) -> dict[str, bytes]:
        if door not in made:
            path = tmp_path_factory.mktemp("healthy") / "friend"
            DOORS[door].make(path)
            files = sorted(file for file in [path, *path.rglob("*")] if file.is_file())
            made[door] = {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
        return made[door]

    return content


@pytest.fixture
def healthy(healthy_files) -> Callable[[str], bytes]:
    """The bytes of a healthy file."""
    return lambda door: healthy_files(door)["."]


def refuses_or_reads(door: str, content: bytes, folder: Path) -> None:
    path = folder / "stranger"
    path.write_bytes(content)
    survives(DOORS[door].read, path)


@pytest.mark.parametrize("door", DOORS)
@settings(HOSTILE)
@given(chance=st.randoms(use_true_random=False))
def test_any_damage(door, healthy_files, tmp_path, chance):
    files, path = healthy_files(door), tmp_path / "stranger"
    harmed = chance.choice(sorted(files))
    content = files[harmed]
    for _ in range(chance.randint(1, 3)):
        try:
            content = damaged(content, chance) or b"\0"
        except ValueError:  # no JSON any more
            content = damaged(b"\0" + content, chance) or b"\0"
    for name, whole in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content if name == harmed else whole)
    survives(DOORS[door].read, path)


@pytest.mark.parametrize("door", QUICK)
@settings(HOSTILE)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=500))
def test_any_bytes(door, tmp_path, start, rest):
    refuses_or_reads(door, start + rest, tmp_path)


@pytest.mark.parametrize("door", ["openpose", "alphapose", "names of a rig"])
@settings(HOSTILE)
@given(document=documents)
def test_any_json(door, tmp_path, document):
    refuses_or_reads(door, json.dumps(document).encode(), tmp_path)


@settings(HOSTILE)
@given(
    person=st.dictionaries(
        st.sampled_from(["pose_keypoints_2d", "pose_keypoints", "keypoints", "image_id", "score"]),
        st.lists(numbers, max_size=54) | st.lists(st.floats(0, 1000), min_size=51, max_size=54) | documents,
    ),
    copies=st.integers(0, 3),
)
def test_any_people(tmp_path, person, copies):
    refuses_or_reads("openpose", json.dumps({"people": [person] * copies}).encode(), tmp_path)
    refuses_or_reads("alphapose", json.dumps([person] * copies).encode(), tmp_path)


@pytest.mark.parametrize("door", ["keypoints", "amass"])
@settings(HOSTILE)
@given(key=st.integers(0, 10), array=any_array)
def test_any_array(door, healthy, tmp_path, key, array):
    with np.load(io.BytesIO(healthy(door))) as file:
        content = dict(file)
    refuses_or_reads(door, npz_with(content | {sorted(content)[key % len(content)]: array}), tmp_path)


@settings(HOSTILE)
@given(
    poses=any_array | documents, others=st.dictionaries(st.text(max_size=12), any_array | documents,
    max_size=3),
    protocol=st.integers(0, 5),
)  # fmt: skip
def test_any_pickle(tmp_path, poses, others, protocol):
    content = {"smpl_poses": poses, "smpl_trans": np.zeros((3, 3)), **others}
    refuses_or_reads("aist motion", pickle.dumps(content, protocol=protocol), tmp_path)


bvh_words = st.sampled_from([
    "HIERARCHY", "ROOT", "JOINT", "End", "Site", "OFFSET", "CHANNELS", "{", "}", "MOTION", "Frames:", "Frame",
    "Time:", "hips", "pelvis", "Xposition", "Yrotation", "Zrotation", "1", "3", "6", "0.5", "-1", "\n",
    *NASTY_WORDS[:20],
])  # fmt: skip


@settings(HOSTILE)
@given(
    words=st.lists(bvh_words, max_size=60),
    at=st.integers(0, 10_000),
    chance=st.randoms(use_true_random=False),
)
def test_any_words_of_bvh(healthy, tmp_path, words, at, chance):
    text = " ".join(words).encode(errors="surrogatepass")
    refuses_or_reads("bvh", b"HIERARCHY " + text, tmp_path)
    whole = healthy("bvh")
    refuses_or_reads("bvh of a rig", whole[: at % len(whole)] + text + whole[at % len(whole) :], tmp_path)


@settings(HOSTILE)
@given(words=st.text(alphabet="0123456789:,-+ e.x", max_size=30) | st.text(max_size=20))
def test_any_frames_of_a_mask(words):
    try:
        Mask.nothing(10).keep(frames=words)
    except ValueError as error:
        assert 0 < len(str(error)) < 500


def test_damage_is_drawn_as_random_draws_it(healthy):
    assert damaged(healthy("bvh"), Random(1)) == damaged(healthy("bvh"), Random(1)) != healthy("bvh")

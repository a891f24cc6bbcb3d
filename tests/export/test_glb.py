"""GLB: valid, and the same motion to whoever plays it."""

import json
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pygltflib
import pytest
import torch
import trimesh
from torch.testing import assert_close

from vimo_pipeline.export.glb import read_glb, write_glb
from vimo_pipeline.motion import JOINT_NAMES, PARENTS
from vimo_pipeline.motion.body import load_body, skin
from vimo_pipeline.motion.rotations import quaternion_to_matrix

DTYPES = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5126: "f4"}
SIZES = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@pytest.fixture
def glb(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    return pygltflib.GLTF2().load(str(tmp_path / "a.glb"))


def accessor(glb, index: int) -> torch.Tensor:
    """An accessor as any viewer reads it, [count, size]."""
    it = glb.accessors[index]
    start = (glb.bufferViews[it.bufferView].byteOffset or 0) + (it.byteOffset or 0)
    dtype = np.dtype(DTYPES[it.componentType])
    array = np.frombuffer(glb.binary_blob(), dtype, it.count * SIZES[it.type], start).reshape(it.count, -1)
    scale = np.iinfo(dtype).max if it.normalized else 1
    return torch.from_numpy(array.astype(np.float64) / scale)


def node_matrices(glb) -> torch.Tensor:
    """World matrices of the joint nodes in every key frame, [T, 24, 4, 4]."""
    animation = glb.animations[0]
    frames = glb.accessors[animation.samplers[0].input].count
    local = torch.eye(4, dtype=torch.float64).repeat(frames, 24, 1, 1)
    for index, node in enumerate(glb.nodes[:24]):
        local[:, index, :3, 3] = torch.tensor(node.translation, dtype=torch.float64)
    for channel in animation.channels:
        values = accessor(glb, animation.samplers[channel.sampler].output)
        if channel.target.path == "rotation":
            local[:, channel.target.node, :3, :3] = quaternion_to_matrix(values)
        else:
            local[:, channel.target.node, :3, 3] = values
    world = list(local.unbind(1))
    for parent, node in enumerate(glb.nodes[:24]):
        for child in node.children:
            world[child] = world[parent] @ world[child]
    return torch.stack(world, 1)


def test_a_viewer_finds_every_joint_where_it_is(glb, tumble):
    assert [node.name for node in glb.nodes[:24]] == list(JOINT_NAMES)
    assert_close(node_matrices(glb)[..., :3, 3], tumble.joints().double(), atol=1e-3, rtol=0)


def test_a_viewer_skins_the_mesh_as_we_do(glb, tumble):
    attributes = glb.meshes[0].primitives[0].attributes
    points = accessor(glb, attributes.POSITION)
    joints, weights = accessor(glb, attributes.JOINTS_0).long(), accessor(glb, attributes.WEIGHTS_0)
    inverse_bind = accessor(glb, glb.skins[0].inverseBindMatrices).view(24, 4, 4).mT
    transforms = node_matrices(glb)[30] @ inverse_bind
    moved = (
        torch.einsum("vkab,vb->vka", transforms[joints][..., :3, :3], points) + transforms[joints][..., :3, 3]
    )
    skinned = (moved * weights[..., None]).sum(1)
    assert_close(skinned, skin(load_body(), tumble.frames(30, 31))[0].double(), atol=1e-3, rtol=0)


def test_quaternions_never_take_the_long_way(tumble, tmp_path):
    flipped = tumble.rotations * torch.tensor([1.0, -1.0]).repeat(31)[:61, None, None]
    write_glb(replace(tumble, rotations=flipped), tmp_path / "b.glb")
    glb = pygltflib.GLTF2().load(str(tmp_path / "b.glb"))
    for channel in glb.animations[0].channels[1:]:
        turns = accessor(glb, glb.animations[0].samplers[channel.sampler].output)
        assert (turns[1:] * turns[:-1]).sum(-1).min() > 0.9


def test_the_time_line_is_shared_and_in_seconds(glb, tumble):
    assert len({sampler.input for sampler in glb.animations[0].samplers}) == 1
    times = accessor(glb, glb.animations[0].samplers[0].input)[:, 0]
    assert_close(times, torch.arange(61).double() / 30, atol=1e-6, rtol=0)


def test_extras_tell_a_viewer_fps_and_contacts(glb, tumble):
    extras = glb.scenes[0].extras["vimo"]
    assert extras["fps"] == 30
    assert_close(torch.tensor(extras["contacts"]), tumble.contacts)


def test_trimesh_sees_a_closed_clay_body(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    mesh = trimesh.load(tmp_path / "a.glb", force="mesh", merge_norm=True)
    assert len(mesh.faces) == len(load_body().faces)
    assert mesh.is_watertight
    assert not mesh.visual.material.baseColorTexture


def test_files_stay_small(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    long = replace(tumble, **{k: getattr(tumble, k).repeat(5, *[1] * (getattr(tumble, k).ndim - 1))[:300]
                              for k in ("rotations", "root", "contacts")})  # fmt: skip
    write_glb(long, tmp_path / "b.glb")
    assert (tmp_path / "a.glb").stat().st_size < 400_000
    assert (tmp_path / "b.glb").stat().st_size < 500_000


def test_the_motion_comes_back(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    back = read_glb(tmp_path / "a.glb")
    assert back.fps == tumble.fps
    assert_close(back.joints(), tumble.joints(), atol=1e-3, rtol=0)
    assert_close(back.contacts, tumble.contacts)


def test_other_and_broken_files_are_refused(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    whole = (tmp_path / "a.glb").read_bytes()
    cube = trimesh.creation.box().export(file_type="glb")
    wrong_count = whole.replace(
        b'"count":61', b'"count":9999999'
    )  # the length in the header no longer agrees
    for content in (
        cube,
        whole[:-5],
        whole[:1000],
        b"glTF",
        wrong_count,
        whole.replace(b"pelvis", b"pElvis"),
    ):
        (tmp_path / "b.glb").write_bytes(content)
        with pytest.raises(ValueError, match=r"b\.glb is not a"):
            read_glb(tmp_path / "b.glb")


def test_counts_beyond_the_buffer_are_refused(tumble, tmp_path):
    write_glb(tumble, tmp_path / "a.glb")
    content = (tmp_path / "a.glb").read_bytes().replace(b'"count": 61', b'"count": 99').replace(
        b'"count":61', b'"count":99'
    )  # fmt: skip
    (tmp_path / "b.glb").write_bytes(content)
    with pytest.raises(ValueError, match="not a GLB written by ViMo"):
        read_glb(tmp_path / "b.glb")


VALIDATE = """
const { validateBytes } = require('gltf-validator'), fs = require('fs');
Promise.all(process.argv.slice(1).map(f => validateBytes(new Uint8Array(fs.readFileSync(f)))))
  .then(reports => console.log(JSON.stringify(reports.map(report => report.issues))));
"""


def test_the_khronos_validator_finds_nothing(tumble, tmp_path):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    found = subprocess.run(["node", "-e", "require('gltf-validator')"], capture_output=True, timeout=60)
    if found.returncode:
        pytest.skip("gltf-validator is not installed: npm install gltf-validator (and set NODE_PATH to it)")
    files = [str(tmp_path / name) for name in ("one.glb", "all.glb")]
    write_glb(tumble.frames(0, 1), files[0])
    write_glb(tumble, files[1])
    run = subprocess.run(["node", "-e", VALIDATE, *files], capture_output=True, check=True, timeout=60)
    for issues in json.loads(run.stdout):
        assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]


def test_the_skeleton_hangs_together(glb):
    parents = [-1] * 24
    for index, node in enumerate(glb.nodes[:24]):
        for child in node.children:
            parents[child] = index
    assert tuple(parents) == PARENTS
    assert glb.skins[0].joints == list(range(24)) and glb.skins[0].skeleton == 0

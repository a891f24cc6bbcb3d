"""GLB: the skinned body and its animation in one binary glTF 2.0 file, and back."""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from numpy import ndarray

from ..motion import JOINT_NAMES, PARENTS, Motion
from ..motion.body import Body, load_body, rest_joints, vertex_normals
from ..motion.rotations import closest_sign
from ..motion.skeleton import rest_offsets
from ..whole_file import check_length, read_whole, shortened, whole_file

CLAY = [0.56, 0.53, 0.50, 1.0]  # linear RGBA
MAX_BYTES = 256 * 2**20
MAX_JSON_BYTES = 24 * 2**20  # contacts of two hours are 5 MB
FLOAT, SHORT, UNSIGNED_BYTE, UNSIGNED_SHORT = 5126, 5122, 5121, 5123  # glTF 2.0, table of component types
ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963


def write_glb(motion: Motion, path: str | Path, *, body: Body | None = None) -> None:
    """Write a skinned, animated GLB: y up, metres, 24 nodes named as the SMPL joints.

    The scene's `extras.vimo` holds fps and foot contacts, so that a viewer can draw them.
    """
    gltf = _import_pygltflib()
    document = gltf.GLTF2(asset=gltf.Asset(version="2.0", generator="ViMo"))
    blob = _Blob(document)
    _add_body(document, blob, body or load_body())
    _add_animation(document, blob, motion)
    extras = {"fps": motion.fps, "contacts": motion.contacts.double().round(decimals=2).tolist()}
    scene = gltf.Scene(name="motion", nodes=[0, len(JOINT_NAMES)], extras={"vimo": extras})
    document.scenes, document.scene = [scene], 0
    document.buffers = [gltf.Buffer(byteLength=len(blob.bytes))]
    document.set_binary_blob(bytes(blob.bytes))
    with whole_file(path) as partial:
        partial.write_bytes(b"".join(document.save_to_bytes()))


def read_glb(path: str | Path) -> Motion:
    """The motion in a GLB that `write_glb` made. Frame rate and contacts come from its extras."""
    document, binary = _split_glb(read_whole(path, max_bytes=MAX_BYTES), path)
    try:
        extras = document["scenes"][document.get("scene", 0)]["extras"]["vimo"]
        curves = _joint_curves(document, binary)
        check_length(len(curves[JOINT_NAMES[0], "rotation"]), float(extras["fps"]))
        rotations = np.stack([curves[name, "rotation"] for name in JOINT_NAMES], 1)
        root = curves[JOINT_NAMES[0], "translation"]
        contacts = np.asarray(extras["contacts"], dtype=np.float32)
        return Motion(*map(torch.from_numpy, (rotations, root, contacts)), float(extras["fps"]))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError(
            f"{path} is not a GLB written by ViMo ({shortened(repr(error))}); other rigs cannot be read, "
            "use BVH or NPZ"
        ) from error


def _import_pygltflib():
    try:
        import pygltflib
    except ImportError as error:
        raise ImportError("GLB files need pygltflib: pip install pygltflib") from error
    return pygltflib


class _Blob:
    """The binary chunk as it grows; every array becomes one buffer view with accessors on it."""

    def __init__(self, document):
        self.document, self.bytes = document, bytearray()

    def add(self, array: ndarray, *, target: int | None = None) -> int:
        """Append an array, 4-byte aligned. Returns the index of its buffer view."""
        gltf = _import_pygltflib()
        view = gltf.BufferView(buffer=0, byteOffset=len(self.bytes), byteLength=array.nbytes, target=target)
        self.bytes += array.tobytes() + bytes(-array.nbytes % 4)
        self.document.bufferViews.append(view)
        return len(self.document.bufferViews) - 1

    def accessor(self, view: int, count: int, *, component: int, kind: str, **options) -> int:
        """Describe part of a buffer view. Returns the index of the accessor."""
        gltf = _import_pygltflib()
        self.document.accessors.append(
            gltf.Accessor(bufferView=view, count=count, componentType=component, type=kind, **options)
        )
        return len(self.document.accessors) - 1


def _add_body(document, blob: _Blob, body: Body) -> None:
    """24 joint nodes in T-pose standing on the floor, then the node of the mesh."""
    gltf = _import_pygltflib()
    offsets = rest_offsets().double()
    offsets[0, 1] = -float(body.vertices[:, 1].min())
    for joint, name in enumerate(JOINT_NAMES):
        children = [child for child, parent in enumerate(PARENTS) if parent == joint]
        document.nodes.append(gltf.Node(name=name, translation=offsets[joint].tolist(), children=children))
    document.nodes.append(gltf.Node(name="body", mesh=0, skin=0))
    document.meshes = [gltf.Mesh(name="body", primitives=[_primitive(blob, body)])]
    surface = gltf.PbrMetallicRoughness(baseColorFactor=CLAY, metallicFactor=0.0, roughnessFactor=0.9)
    clay = gltf.Material(name="clay", pbrMetallicRoughness=surface, alphaMode=None, alphaCutoff=None)
    document.materials = [clay]
    inverse_bind = torch.eye(4).repeat(len(JOINT_NAMES), 1, 1)
    inverse_bind[:, 3, :3] = -rest_joints()  # glTF stores columns one after the other
    view = blob.add(inverse_bind.numpy())
    matrices = blob.accessor(view, len(JOINT_NAMES), component=FLOAT, kind="MAT4")
    joints = list(range(len(JOINT_NAMES)))
    document.skins = [gltf.Skin(name="smpl", joints=joints, skeleton=0, inverseBindMatrices=matrices)]


def _primitive(blob: _Blob, body: Body):
    """The mesh: positions, normals, four joints and weights a vertex, triangles."""
    gltf = _import_pygltflib()
    count, position = len(body.vertices), body.vertices.float().numpy()
    normal = vertex_normals(body.vertices, body.faces).float().numpy()
    weights = (body.weights * 255).round().numpy().astype(np.uint8)
    joints, triangles = body.joints.numpy().astype(np.uint8), body.faces.numpy().astype(np.uint16)

    def vertices(array: ndarray, component: int, kind: str, **options) -> int:
        view = blob.add(array, target=ARRAY_BUFFER)
        return blob.accessor(view, count, component=component, kind=kind, **options)

    bounds = {"min": position.min(0).tolist(), "max": position.max(0).tolist()}
    attributes = gltf.Attributes(
        POSITION=vertices(position, FLOAT, "VEC3", **bounds),
        NORMAL=vertices(normal, FLOAT, "VEC3"),
        JOINTS_0=vertices(joints, UNSIGNED_BYTE, "VEC4"),
        WEIGHTS_0=vertices(weights, UNSIGNED_BYTE, "VEC4", normalized=True),
    )
    view = blob.add(triangles, target=ELEMENT_ARRAY_BUFFER)
    indices = blob.accessor(view, triangles.size, component=UNSIGNED_SHORT, kind="SCALAR")
    return gltf.Primitive(attributes=attributes, indices=indices, material=0)


def _add_animation(document, blob: _Blob, motion: Motion) -> None:
    """A rotation channel for every joint and a translation channel for the pelvis, on one time line."""
    gltf = _import_pygltflib()
    frames = len(motion)
    times = (np.arange(frames) / motion.fps).astype(np.float32)
    bounds = {"min": [float(times[0])], "max": [float(times[-1])]}
    clock = blob.accessor(blob.add(times), frames, component=FLOAT, kind="SCALAR", **bounds)
    root = blob.add(motion.root.detach().cpu().float().numpy())
    path = blob.accessor(root, frames, component=FLOAT, kind="VEC3")
    animation = gltf.Animation(name="motion", channels=[], samplers=[])

    def channel(node: int, kind: str, output: int) -> None:
        target = gltf.AnimationChannelTarget(node=node, path=kind)
        animation.channels.append(gltf.AnimationChannel(sampler=len(animation.samplers), target=target))
        animation.samplers.append(gltf.AnimationSampler(input=clock, output=output, interpolation="LINEAR"))

    channel(0, "translation", path)
    turns = blob.add(_quantised(motion))
    for joint in range(len(JOINT_NAMES)):
        output = blob.accessor(
            turns, frames, component=SHORT, kind="VEC4", normalized=True, byteOffset=joint * frames * 8
        )
        channel(joint, "rotation", output)
    document.animations = [animation]


def _quantised(motion: Motion) -> ndarray:
    """Unit quaternions as normalised int16, [24, T, 4]: an error of 3e-5 rad for a third of the bytes."""
    unit = torch.nn.functional.normalize(motion.rotations.detach().cpu().double(), dim=-1)
    return (closest_sign(unit) * 32767).round().short().transpose(0, 1).contiguous().numpy()


def _split_glb(content: bytes, path: str | Path) -> tuple[dict, bytes]:
    """The JSON and the binary chunk of a GLB (glTF 2.0 specification, section 4.4)."""
    try:
        magic, _, length, json_size, json_kind = struct.unpack_from("<4sIII4s", content)
        binary_size, binary_kind = struct.unpack_from("<I4s", content, 20 + json_size)
        whole = length == len(content) == 28 + json_size + binary_size
        if not whole or (magic, json_kind, binary_kind) != (b"glTF", b"JSON", b"BIN\0"):
            raise ValueError("its header and its chunks do not agree")
        if json_size > MAX_JSON_BYTES:
            raise ValueError(f"its JSON has more than {MAX_JSON_BYTES} bytes")
        return json.loads(content[20 : 20 + json_size]), content[-binary_size:]
    except (struct.error, ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a whole GLB file: {shortened(error)}") from error


def _joint_curves(document: dict, binary: bytes) -> dict[tuple[str, str], ndarray]:
    """Every animated property: (joint name, "rotation" or "translation") -> [T, 4] or [T, 3]."""
    animation, curves = document["animations"][0], {}
    for channel in animation["channels"]:
        name = document["nodes"][channel["target"]["node"]]["name"]
        output = animation["samplers"][channel["sampler"]]["output"]
        curves[name, channel["target"]["path"]] = _read_accessor(document, binary, output)
    return curves


def _read_accessor(document: dict, binary: bytes, index: int) -> ndarray:
    """A tightly packed accessor as float32, [count, size]."""
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    dtype = {FLOAT: "<f4", SHORT: "<i2"}[accessor["componentType"]]
    size = {"VEC3": 3, "VEC4": 4}[accessor["type"]]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    numbers = np.frombuffer(binary, dtype, accessor["count"] * size, start).reshape(-1, size)
    return numbers.astype(np.float32) / np.float32(32767) if dtype == "<i2" else numbers.copy()

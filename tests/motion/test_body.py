"""The body stands on SMPL's joints and follows them."""

import pytest
import torch
import trimesh
from torch.testing import assert_close

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.body import load_body, rest_joints, skin, vertex_normals
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.skeleton import joint_index, mirror_permutation


def still(*, root: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Motion:
    rotations = torch.tensor([0.0, 0.0, 0.0, 1.0]).expand(1, 24, 4)
    return Motion(rotations, torch.tensor([root]), torch.ones(1, 4))


@pytest.fixture(scope="module")
def surface() -> trimesh.Trimesh:
    body = load_body()
    return trimesh.Trimesh(body.vertices.numpy(), body.faces.numpy(), process=False)


def test_a_still_body_is_the_rest_mesh():
    body = load_body()
    assert_close(skin(body, still())[0], body.vertices, atol=1e-6, rtol=0)
    assert_close(skin(body, still(root=(1.0, 2.0, 3.0)))[0], body.vertices + torch.tensor([1.0, 2.0, 3.0]))


def test_weights_sum_to_one_and_name_known_joints():
    body = load_body()
    assert_close(body.weights.sum(1), torch.ones(len(body.vertices)))
    assert body.joints.max() < 24
    assert set(body.parts().tolist()) == set(range(24)), "every joint moves some part of the body"
    assert (body.joints[body.weights == 0] == 0).all(), "glTF asks for joint 0 where the weight is 0"


def test_one_product_agrees_with_the_sum_over_joints(walk):
    body, motion = load_body(), walk.frames(0, 3)
    orientations, positions = joint_transforms(motion.matrices(), motion.root)
    local = body.vertices.double()[:, None] - rest_joints(like=motion.root)  # [V, 24, 3]
    moved = torch.einsum("tjab,vjb->tvja", orientations, local) + positions[:, None]
    slow = (moved * body.dense_weights().double()[None, :, :, None]).sum(2)
    assert_close(skin(body, motion), slow, atol=1e-6, rtol=0)


def test_turning_the_world_turns_the_mesh(walk):
    body, motion = load_body(), walk.frames(0, 2)
    turned = skin(body, motion.turn(torch.pi / 2))
    x, y, z = skin(body, motion).unbind(-1)
    assert_close(turned, torch.stack([z, y, -x], -1), atol=1e-6, rtol=0)


def test_pieces_of_a_motion_give_the_same_mesh(walk):
    whole = skin(load_body(), walk.frames(0, 4))
    assert_close(torch.cat([skin(load_body(), walk.frames(a, a + 2)) for a in (0, 2)]), whole)


def test_the_surface_is_closed_and_turned_outwards(surface):
    assert surface.is_watertight and surface.is_winding_consistent
    assert 0.05 < surface.volume < 0.1, "a grown person has about 70 litres"
    assert 1.65 < surface.extents[1] < 1.9


def test_joints_lie_inside_the_flesh():
    """Winding numbers: the triangles seen from a point inside fill the whole sphere (van Oosterom 1983)."""
    body = load_body()
    corners = body.vertices[body.faces].double() - rest_joints().double()[:, None, None]  # [24, F, 3, 3]
    a, b, c = torch.nn.functional.normalize(corners, dim=-1).unbind(-2)
    volume = (a * torch.linalg.cross(b, c)).sum(-1)
    angle = 2 * torch.atan2(volume, 1 + (a * b).sum(-1) + (b * c).sum(-1) + (c * a).sum(-1))
    assert_close(angle.sum(-1), torch.full((24,), 4 * torch.pi, dtype=torch.float64))


def test_the_body_faces_forward_and_left_is_left():
    body = load_body()
    nose, left_eye, right_eye, left_ear, right_ear = body.vertices[body.face_points]
    assert nose[2] == body.vertices[body.vertices[:, 1] > 0.6, 2].max()
    assert left_eye[0] > 0.02 and right_eye[0] < -0.02
    assert left_ear[0] > 0.06 and right_ear[0] < -0.06
    assert body.vertices[body.parts() == joint_index("left_hand"), 0].min() > 0.7


def test_a_mirrored_motion_gives_a_mirrored_mesh(walk):
    body, motion = load_body(), walk.frames(10, 11)
    seen = skin(body, motion)[0] * torch.tensor([-1.0, 1.0, 1.0])
    mirrored = skin(body, motion.mirror())[0]
    distance = torch.cdist(seen.float(), mirrored.float()).min(1).values
    assert distance.median() < 0.015 and distance.max() < 0.05  # SMPL's own skeleton is not symmetric


def test_weights_are_as_symmetric_as_the_body():
    body, swap = load_body(), mirror_permutation()
    mass = body.dense_weights().mean(0)
    assert_close(mass, mass[swap], atol=0.01, rtol=0)


def test_normals_have_unit_length_and_point_out():
    body = load_body()
    normals = vertex_normals(body.vertices, body.faces)
    assert_close(normals.norm(dim=-1), torch.ones(len(normals)))
    crown, sole = body.vertices[:, 1].argmax(), body.vertices[:, 1].argmin()
    assert normals[crown, 1] > 0.8 and normals[sole, 1] < -0.5

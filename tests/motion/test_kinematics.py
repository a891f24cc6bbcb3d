"""Forward kinematics against a slow twin, its gradient, and the symmetries of space."""

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.motion.kinematics import forward_kinematics, joint_transforms
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, turn_about_y
from vimo_pipeline.motion.skeleton import NUM_JOINTS, PARENTS, joint_index, rest_offsets


@pytest.fixture
def pose() -> tuple[torch.Tensor, torch.Tensor]:
    """Rotations [4, 24, 3, 3] and root [4, 3]."""
    generator = torch.Generator().manual_seed(0)
    turns = torch.randn(4, NUM_JOINTS, 3, generator=generator, dtype=torch.float64)
    return axis_angle_to_matrix(turns), torch.randn(4, 3, generator=generator, dtype=torch.float64)


def slow_kinematics(rotations: np.ndarray, root: np.ndarray) -> np.ndarray:
    """One pose through 4 x 4 matrices, [24, 3, 3] and [3] -> [24, 3]."""
    offsets = rest_offsets().double().numpy()
    world = []
    for joint, parent in enumerate(PARENTS):
        local = np.eye(4)
        local[:3, :3] = rotations[joint]
        local[:3, 3] = root if parent < 0 else offsets[joint]
        world.append(local if parent < 0 else world[parent] @ local)
    return np.stack([matrix[:3, 3] for matrix in world])


def test_slow_twin_agrees(pose):
    rotations, root = pose
    expected = np.stack([slow_kinematics(r, p) for r, p in zip(rotations.numpy(), root.numpy(), strict=True)])
    assert_close(forward_kinematics(rotations, root), torch.from_numpy(expected), atol=1e-12, rtol=0)


def test_gradient_agrees_with_finite_differences():
    generator = torch.Generator().manual_seed(1)
    turns = torch.randn(NUM_JOINTS, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    root = torch.randn(3, generator=generator, dtype=torch.float64, requires_grad=True)
    along = torch.randn(NUM_JOINTS, 3, generator=generator, dtype=torch.float64)  # one number: a quick check

    def project(turns, root):
        return (forward_kinematics(axis_angle_to_matrix(turns), root) * along).sum()

    assert torch.autograd.gradcheck(project, (turns, root))


def test_turning_the_world_turns_the_body(pose):
    rotations, root = pose
    turning = turn_about_y(torch.tensor(0.7).double())
    turned = torch.cat([(turning @ rotations[:, :1]), rotations[:, 1:]], 1)
    assert_close(
        forward_kinematics(turned, root @ turning.mT), forward_kinematics(rotations, root) @ turning.mT
    )


def test_moving_the_root_moves_every_joint(pose):
    rotations, root = pose
    step = torch.tensor([1.0, -2.0, 0.5]).double()
    moved = forward_kinematics(rotations, root + step)
    assert_close(moved, forward_kinematics(rotations, root) + step)


def test_bones_keep_their_length(pose):
    joints = forward_kinematics(*pose)
    bones = (joints[:, 1:] - joints[:, list(PARENTS[1:])]).norm(dim=-1)
    assert_close(bones, rest_offsets(like=joints)[1:].norm(dim=-1).expand_as(bones))


def test_bending_a_knee_moves_only_what_hangs_on_it():
    rotations = torch.eye(3).repeat(NUM_JOINTS, 1, 1)
    straight = forward_kinematics(rotations, torch.zeros(3))
    rotations[joint_index("left_knee")] = axis_angle_to_matrix(torch.tensor([1.0, 0.0, 0.0]))
    moved = (forward_kinematics(rotations, torch.zeros(3)) - straight).norm(dim=-1) > 1e-4
    assert moved.nonzero().flatten().tolist() == [joint_index("left_ankle"), joint_index("left_foot")]


def test_orientations_are_products_down_the_chain(pose):
    rotations, root = pose
    orientations, positions = joint_transforms(rotations, root)
    chain = [joint_index(name) for name in ("pelvis", "left_hip", "left_knee", "left_ankle")]
    expected = (
        rotations[:, chain[0]] @ rotations[:, chain[1]] @ rotations[:, chain[2]] @ rotations[:, chain[3]]
    )
    assert_close(orientations[:, chain[3]], expected)
    assert_close(positions, forward_kinematics(rotations, root))


def test_other_bodies_and_any_batch_shape(pose):
    rotations, root = pose
    twice = forward_kinematics(rotations, 2 * root, offsets=2 * rest_offsets(like=root))
    assert_close(twice, 2 * forward_kinematics(rotations, root))
    nested = forward_kinematics(rotations.unflatten(0, (2, 1, 2)), root.unflatten(0, (2, 1, 2)))
    assert_close(nested.flatten(0, 2), forward_kinematics(rotations, root))
    alone = forward_kinematics(rotations[0], root[0])
    assert_close(alone, forward_kinematics(rotations, root)[0])


def test_one_body_for_each_motion(pose):
    rotations, root = pose
    sizes = torch.tensor([0.8, 1.0, 1.1, 1.3]).double()[:, None, None]
    offsets = sizes * rest_offsets(like=root)
    for b, joints in enumerate(forward_kinematics(rotations, root, offsets=offsets)):
        assert_close(joints, forward_kinematics(rotations[b], root[b], offsets=offsets[b]))


@pytest.mark.parametrize("shape", [(23, 3, 3), (25, 3, 3), (24, 4), (24, 6)])
def test_wrong_shapes_raise(shape):
    with pytest.raises(ValueError, match=r"\[\.\.\., 24, 3, 3\]"):
        forward_kinematics(torch.zeros(2, *shape), torch.zeros(2, 3))

"""PFC: EDGE's score by a slow twin, what a length and a statue do to it."""

import math

import numpy as np
import pytest
import torch

from vimo_pipeline import Motion
from vimo_pipeline.metrics import physical_contact, static_pose, whole_clip_contact
from vimo_pipeline.motion.skeleton import joint_index


def swaying(seconds: float = 5.0, fps: float = 30.0) -> Motion:
    """A body that slides about with its feet, rather than pushing off."""
    time = torch.arange(round(seconds * fps), dtype=torch.float64) / fps
    root = torch.stack([(3 * time).sin(), 0.9 + 0.1 * (7 * time).cos(), (2 * time).cos()], -1)
    rotations = torch.zeros(len(time), 24, 4, dtype=torch.float64)
    rotations[..., 3] = 1
    return Motion(rotations, root, torch.zeros(len(time), 4), fps)


def twin(joints: np.ndarray) -> float:
    """Frame by frame, as the published score is defined."""
    accelerations, slides = [], []
    for t in range(len(joints) - 2):
        a = (joints[t + 2, 0] - 2 * joints[t + 1, 0] + joints[t, 0]) * 900
        a[1] = max(a[1], 0)
        accelerations.append(math.sqrt((a**2).sum()))
        steps = {}
        for joint in (7, 8, 10, 11):
            x, _, z = joints[t + 2, joint] - joints[t + 1, joint]
            steps[joint] = math.hypot(x, z)
        slides.append(min(steps[7], steps[10]) * min(steps[8], steps[11]))
    largest = max(accelerations)
    return 1e4 * sum(a / largest * s for a, s in zip(accelerations, slides, strict=True)) / len(slides)


def test_it_agrees_with_a_slow_twin():
    joints = torch.randn(40, 24, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert float(whole_clip_contact(joints)) == pytest.approx(twin(joints.numpy()), rel=1e-9)


def test_a_body_that_slides_evenly_under_one_push_by_hand():
    joints = torch.zeros(5, 24, 3)
    joints[:, :, 2] = 0.01 * torch.arange(5.0)[:, None]  # every joint a centimetre a frame
    joints[2:, 0, 1] = 1.0  # one jump up and, a frame later, its end: the second is not a push
    assert float(whole_clip_contact(joints)) == pytest.approx(1e4 * 0.01 * 0.01 / 3, rel=1e-4)


def test_one_standing_foot_is_enough():
    joints = swaying().joints()
    joints[:, joint_index("left_foot")] = joints[0, joint_index("left_foot")]
    assert float(whole_clip_contact(joints)) == 0


def test_turning_and_moving_the_world_changes_nothing():
    motion = swaying()
    moved = motion.turn(1.1).joints() + torch.tensor([5.0, 2.0, -3.0])
    torch.testing.assert_close(whole_clip_contact(moved), whole_clip_contact(motion.joints()))


def test_windows_of_five_seconds_are_scored_one_by_one():
    motion = swaying(13.0)
    motion.root[200:, 1] += 0.2  # one large acceleration
    found = physical_contact(motion)
    parts = [float(whole_clip_contact(motion.frames(k, k + 150).joints())) for k in (0, 150)]
    assert found.windows == 2 and found.score == pytest.approx(np.mean(parts))
    assert found.score > 1.01 * float(whole_clip_contact(motion.joints()[:300]))  # the fault of whole clips


def test_a_statue_has_the_best_score_and_no_energy():
    found = physical_contact(static_pose(swaying()))
    assert (found.score, found.energy) == (0, 0)
    assert physical_contact(swaying()).energy > 1


def test_energy_is_half_the_squared_speed():
    motion = swaying()
    rolling = Motion(
        motion.rotations, torch.arange(150.0).double()[:, None] * torch.tensor([0, 0, 0.1]), motion.contacts
    )
    assert physical_contact(rolling).energy == pytest.approx(4.5)  # 3 m/s


def test_sixty_frames_a_second_score_as_thirty():
    fast = physical_contact(swaying(5.1, fps=60))
    assert fast.windows == 1
    assert fast.score == pytest.approx(physical_contact(swaying(5.0)).score, rel=1e-6)


def test_short_clips_are_refused():
    with pytest.raises(ValueError, match=r"windows of 5 seconds, this motion has 4.00"):
        physical_contact(swaying(4.0))
    with pytest.raises(ValueError, match="three frames, got 2"):
        whole_clip_contact(torch.zeros(2, 24, 3))

"""What is sent to avatars is the motion, in Unity's axes."""

import runpy
import socket
import threading
from pathlib import Path

import pytest
import torch
from torch.testing import assert_close

from vimo_pipeline.export.vmc import VMCSender, bone_of, positions_to_unity, to_unity
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.rotations import axis_angle_to_matrix, matrix_to_quaternion, quaternion_to_matrix
from vimo_pipeline.motion.skeleton import JOINT_NAMES, rest_offsets

pytest.importorskip("pythonosc")
RECEIVER = Path(__file__).parents[2] / "examples" / "receive_stream.py"


def a_motion(frames: int) -> Motion:
    turns = 0.5 * torch.randn(frames, 24, 3, generator=torch.Generator().manual_seed(0))
    quaternions = matrix_to_quaternion(axis_angle_to_matrix(turns))
    return Motion.from_rotations(quaternions, torch.tensor([[0.3, 0.9, 1.5]]).repeat(frames, 1))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_mirrored_body_is_the_body_in_a_mirror():
    motion = a_motion(1)
    offsets = positions_to_unity(rest_offsets())
    turned = quaternion_to_matrix(to_unity(motion.rotations))
    there = forward_kinematics(turned, positions_to_unity(motion.root), offsets=offsets)
    assert_close(there, positions_to_unity(motion.joints()))


def test_every_joint_but_the_ends_of_the_hands_is_a_bone():
    bones = {name: bone_of(name) for name in JOINT_NAMES}
    assert bones["left_hip"] == "LeftUpperLeg" and bones["spine3"] == "UpperChest"
    assert bones["right_collar"] == "RightShoulder" and bones["pelvis"] == "Hips"
    assert {name for name, bone in bones.items() if bone is None} == {"left_hand", "right_hand"}
    assert len(set(bones.values())) == 23


def test_the_example_receives_what_was_sent():
    motion, port = a_motion(1), free_port()
    receiver = runpy.run_path(str(RECEIVER))
    found = []
    listening = threading.Thread(target=lambda: found.append(receiver["main"](port, 6)), daemon=True)
    listening.start()
    with VMCSender("127.0.0.1", port) as sender:
        for _ in range(500):  # what is sent before it listens is lost
            sender.send(motion, seconds=2.0)
            listening.join(0.02)
            if not listening.is_alive():
                break
    (avatar,) = found
    assert avatar.seconds == pytest.approx(2.0)
    assert avatar.bones["Hips"][:3] == pytest.approx([-0.3, 0.9, 1.5])
    sent = motion.rotations[-1, JOINT_NAMES.index("left_elbow")]
    assert_close(torch.tensor(avatar.right_handed("LeftLowerArm")), sent)
    assert len(avatar.bones) == 22


def test_where_nothing_can_be_sent_is_said():
    with pytest.raises(ValueError, match="cannot send to no"):
        VMCSender("no.such.host.invalid", 1)

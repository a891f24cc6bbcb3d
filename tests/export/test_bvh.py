"""BVH there and back, and what strangers' files may hold."""

import re
from dataclasses import replace

import pytest
import roma
import torch
from torch.testing import assert_close

from vimo_pipeline.export.bvh import read_bvh, write_bvh
from vimo_pipeline.motion import JOINT_NAMES, PARENTS, Motion
from vimo_pipeline.motion.rotations import axis_angle_to_quaternion
from vimo_pipeline.motion.skeleton import joint_index

MILLIMETRE = {"atol": 1e-3, "rtol": 0}


@pytest.fixture
def text(tumble, tmp_path) -> str:
    write_bvh(tumble, tmp_path / "tumble.bvh")
    return (tmp_path / "tumble.bvh").read_text()


def read_text(text: str, folder) -> Motion:
    (folder / "text.bvh").write_bytes(text.encode())
    return read_bvh(folder / "text.bvh")


@pytest.mark.parametrize("unit", ["cm", "m"])
def test_joints_come_back_within_a_tenth_of_a_millimetre(tumble, tmp_path, unit):
    write_bvh(tumble, tmp_path / "a.bvh", unit=unit)
    back = read_bvh(tmp_path / "a.bvh")
    assert back.fps == tumble.fps
    assert_close(back.joints(), tumble.joints(), atol=1e-4, rtol=0)


def test_another_reader_finds_the_same_joints(text, tumble):
    """The format read naively, word by word and joint by joint, with roma's Euler angles."""
    words = text.split()
    numbers = torch.tensor([float(word) for word in words[words.index("Time:") + 2 :]]).double().view(61, 75)
    stack, where, column = [], {}, 3
    for i, word in enumerate(words[: words.index("MOTION")]):
        if word in ("ROOT", "JOINT", "End"):
            name = words[i + 1]
        elif word == "OFFSET":
            offset = torch.tensor([float(number) for number in words[i + 1 : i + 4]]).double()
        elif word == "CHANNELS":
            turn = roma.euler_to_rotmat("ZXY", numbers[:, column : column + 3], degrees=True)
            turns, place = stack[-2] if len(stack) > 1 else (torch.eye(3).double(), numbers[:, :3])
            where[name] = place + turns @ offset
            stack[-1] = (turns @ turn, where[name])
            column += 3
        elif word == "{":
            stack.append(None)
        elif word == "}":
            stack.pop()
    joints = torch.stack([where[name] for name in JOINT_NAMES], 1) / 100
    assert_close(joints, tumble.joints().double(), **MILLIMETRE)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("nearness", [0.0, 1e-7, 1e-4])
def test_right_angles_come_back(tmp_path, axis, nearness):
    turns = torch.full((4, 24, 3), 0.3, dtype=torch.float64)
    turns[:, :12] = 0
    turns[:, :12, axis] = torch.pi / 2 * torch.tensor([[1], [-1], [2], [-2]]) - nearness
    motion = Motion.from_rotations(axis_angle_to_quaternion(turns), torch.zeros(4, 3, dtype=torch.float64))
    write_bvh(motion, tmp_path / "a.bvh")
    assert_close(read_bvh(tmp_path / "a.bvh").joints().double(), motion.joints(), **MILLIMETRE)


def test_angles_do_not_jump_where_the_body_spins(tmp_path):
    turns = torch.zeros(90, 24, 3)
    turns[:, 0, 1] = torch.linspace(0, 4 * torch.pi, 90)
    write_bvh(Motion.from_rotations(axis_angle_to_quaternion(turns), torch.zeros(90, 3)), tmp_path / "a.bvh")
    rows = (tmp_path / "a.bvh").read_text().split("Frame Time: ")[1].splitlines()[1:]
    heading = torch.tensor([float(row.split()[5]) for row in rows])
    assert heading.diff().abs().max() < 10
    assert heading[-1] - heading[0] == pytest.approx(720, abs=1e-3)


@pytest.mark.parametrize("fps", [10.0, 23.976, 29.97, 60.0, 240.0])
def test_frame_rates_survive(tumble, tmp_path, fps):
    write_bvh(replace(tumble, fps=fps), tmp_path / "a.bvh")
    assert read_bvh(tmp_path / "a.bvh").fps == fps


def test_one_frame_is_enough(tumble, tmp_path):
    write_bvh(tumble.frames(3, 4), tmp_path / "a.bvh")
    assert_close(read_bvh(tmp_path / "a.bvh").joints(), tumble.joints()[3:4], **MILLIMETRE)


def test_other_hands_write_it_otherwise(text, tumble, tmp_path):
    """Carriage returns, tabs, blank lines, another case, a byte order mark."""
    styles = [
        text.replace("\n", "\r\n"),
        text.replace(" ", "\t"),
        text.replace("\n", "\n\n"),
        re.sub("[a-z_]+", lambda word: word[0].title(), text),
        text.upper(),
        "\ufeff" + text,
    ]
    for style in styles:
        assert_close(read_text(style, tmp_path).joints(), tumble.joints(), **MILLIMETRE)


def test_any_channel_order_is_followed(tmp_path):
    """The same three numbers under X, Y, Z are another rotation than under Z, X, Y."""
    turns = torch.zeros(1, 24, 3)
    write_bvh(Motion.from_rotations(axis_angle_to_quaternion(turns), torch.zeros(1, 3)), tmp_path / "a.bvh")
    head, rows = (tmp_path / "a.bvh").read_text().split("Frame Time: ")
    head = head.replace("Zrotation Xrotation Yrotation", "Xrotation Yrotation Zrotation", 1)
    seconds, row = rows.splitlines()
    numbers = row.split()
    numbers[3:6] = ["90", "90", "0"]
    motion = read_text(f"{head}Frame Time: {seconds}\n{' '.join(numbers)}\n", tmp_path)
    # Rx(90) Ry(90): x -> -z -> y, y -> y -> z, z -> x -> x
    assert_close(
        motion.matrices()[0, 0], torch.tensor([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]]), atol=1e-6, rtol=0
    )


def test_an_axis_may_come_twice(tmp_path):
    """Rz(a) Rx(b) Rz(c): a spin of 90 degrees made of two halves."""
    rest = Motion.from_rotations(torch.eye(4)[3].expand(1, 24, 4), torch.zeros(1, 3))
    write_bvh(rest, tmp_path / "a.bvh")
    head = (tmp_path / "a.bvh").read_text().split("Frame Time: ")[0]
    head = head.replace("Zrotation Xrotation Yrotation", "Zrotation Xrotation Zrotation", 1)
    row = ["0"] * 75
    row[3], row[5] = "45", "45"
    motion = read_text(f"{head}Frame Time: 0.1\n{' '.join(row)}\n", tmp_path)
    assert_close(motion.matrices()[0, 0] @ torch.eye(3)[0], torch.eye(3)[1], atol=1e-6, rtol=0)


def test_blank_lines_without_end_do_not_hang(tmp_path):
    with pytest.raises(ValueError, match="HIERARCHY and a MOTION"):
        read_text("HIERARCHY" + "\n" * 300_000, tmp_path)


def test_fingers_are_left_out(text, tumble, tmp_path):
    head, rows = text.split("Frame Time: ")
    finger = "JOINT thumb { OFFSET 1 0 0 CHANNELS 1 Xrotation End Site { OFFSET 1 0 0 } }"
    head = head.replace("JOINT right_foot", f"{finger} JOINT right_foot")
    lines = rows.splitlines()
    column = 6 + 3 * depth_first().index(joint_index("right_foot"))
    rows = [row.split() for row in lines[1:]]
    rows = [" ".join([*row[:column], "77", *row[column:]]) for row in rows]
    motion = read_text(f"{head}Frame Time: {lines[0]}\n" + "\n".join(rows), tmp_path)
    assert_close(motion.joints(), tumble.joints(), **MILLIMETRE)


def depth_first(joint: int = 0) -> list[int]:
    below = [child for child, parent in enumerate(PARENTS) if parent == joint]
    return [joint, *(descendant for child in below for descendant in depth_first(child))]


def test_another_skeleton_names_what_it_lacks(text, tmp_path):
    with pytest.raises(ValueError, match=r"no left_collar, left_hand"):
        read_text(text.replace("left_collar", "LeftShoulder").replace("left_hand", "LThumb"), tmp_path)


def test_another_parent_is_refused(text, tmp_path):
    swapped = text.replace("left_knee", "%").replace("left_ankle", "left_knee").replace("%", "left_ankle")
    with pytest.raises(ValueError, match=r"does not hang on"):
        read_text(swapped, tmp_path)


def test_another_rest_pose_is_refused(text, tmp_path):
    """An A-pose under our names would bend every arm."""
    arms = re.sub(r"(left_elbow\s*{\s*OFFSET) \S+ \S+ \S+", r"\1 18.0 -18.0 0.0", text)
    assert arms != text
    with pytest.raises(ValueError, match=r"rest pose is not SMPL's T-pose: the bone to left_elbow"):
        read_text(arms, tmp_path)


def test_broken_files_say_what_is_broken(text, tmp_path):
    first_row = text.split("Frame Time: ")[1].splitlines()[1]
    broken = {
        "HIERARCHY and a MOTION": text[: len(text) // 200],
        "numbers, not": text[: len(text) // 2],
        "ends too early": text.replace("\t\t}\n", "", 1).replace("MOTION", "}\n}\nMOTION"),
        "braces open": text.replace("}\nMOTION", "MOTION"),
        "need 75000 numbers": text.replace("Frames: 61", "Frames: 1000"),
        "too many; cut it": text.replace("Frames: 61", "Frames: 1000000"),
        "NaN": text.replace(first_row, "nan " + first_row.split(" ", 1)[1]),
        "could not convert": text.replace(first_row, "hello " + first_row.split(" ", 1)[1]),
        "not plausible": re.sub("Frame Time: .*", "Frame Time: 0", text),
        "Frames: N": text.replace("Frames: 61", "Frames: many"),
        "unknown channel": text.replace("Xrotation", "Wrotation", 1),
        "no channel xposition": text.replace("Xposition", "Zrotation"),
        "unknown word": text.replace("OFFSET", "OFSET", 1),
        "no length": re.sub(r"OFFSET \S+", "OFFSET inf", text),
        "is broken": text.replace("ROOT pelvis", "JOINT pelvis"),
        "a brace must follow": re.sub(r"JOINT (\w+)\s*{", r"JOINT \1", text, count=1),
        "only joints have them": re.sub(r"(End Site\s*{)", r"\1 CHANNELS 1 Xrotation", text, count=1),
        "more than 6 channels": re.sub("CHANNELS 3 ", "CHANNELS 7" + 4 * " Yrotation" + " ", text, count=1),
        "braces do not match": text.replace("MOTION", "JOINT lost\n{\n}\nMOTION"),
    }
    for message, content in broken.items():
        with pytest.raises(ValueError, match=message):
            read_text(content, tmp_path)


def test_any_cut_of_the_header_is_a_value_error(text, tmp_path):
    header = text.index("MOTION")
    for length in range(10, header, 97):
        with pytest.raises(ValueError, match=r"text\.bvh"):
            read_text(text[:length] + "\nMOTION\nFrames: 1\nFrame Time: 0.1\n0 0 0", tmp_path)


def test_unknown_units_are_refused(tumble, tmp_path):
    with pytest.raises(ValueError, match="'cm' or 'm'"):
        write_bvh(tumble, tmp_path / "a.bvh", unit="inch")
    assert not list(tmp_path.iterdir())


def test_every_joint_is_named(text):
    assert re.findall(r"(?:ROOT|JOINT) (\w+)", text) == [JOINT_NAMES[joint] for joint in depth_first()]
    assert text.count("End Site") == 5

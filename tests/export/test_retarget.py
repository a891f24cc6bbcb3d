"""Foreign rigs: what their limbs did, ours do."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch.testing import assert_close

from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.export.bvh import write_bvh
from vimo_pipeline.export.retarget import retarget_bvh
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.skeleton import joint_index, rest_offsets

from .rigs import CMU, MOTIONBUILDER, rig_joints, write_rig

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mocap"
LIMBS = {
    "left_hip": "LeftUpLeg", "left_knee": "LeftLeg", "left_ankle": "LeftFoot", "right_hip": "RightUpLeg",
    "right_knee": "RightLeg", "right_ankle": "RightFoot", "left_shoulder": "LeftArm",
    "left_elbow": "LeftForeArm", "left_wrist": "LeftHand", "right_shoulder": "RightArm",
    "right_elbow": "RightForeArm", "right_wrist": "RightHand",
}  # fmt: skip
NAMES = LIMBS | {"pelvis": "Hips", "neck": "Neck", "head": "Head", "spine1": "Spine", "spine2": "Spine1",
                 "spine3": "Spine2", "left_foot": "LeftToeBase", "right_foot": "RightToeBase",
                 "left_collar": "LeftShoulder", "right_collar": "RightShoulder"}  # fmt: skip

# The first moving frame of the genuine CMU take 01_02, joints in the order of the file; frame 0 is a T-pose.
CMU_01_02 = """
-7.4145 17.6804 24.0195 -172.0350 -50.7408 175.0800 0 0 0 -11.8766 -3.8900 -10.3462 2.4890 9.8179 28.3890
0.0927 -17.3727 -13.0806 0.0006 0.1643 0.4513 0 0 0 27.4191 1.6660 -9.3917 -2.4741 -9.7906 28.3014 -0.8384
-3.9442 -19.1607 -0.7239 -5.4367 15.1584 5.7585 2.6661 7.3016 2.8791 3.7884 2.8384 -0.5449 1.8231 -0.9625
0.0877 7.3404 -6.3630 -1.9909 9.9629 6.6595 -0.1705 4.8538 3.3789 0 0 0 -85.7815 -1.1356 19.3500 16.2512
-25.8600 -3.7548 0 0 4.0932 10.8549 -8.4778 -1.6193 -7.1250 0 0 -11.5437 21.4152 6.6656 0 0 0 81.3439 1.6781
0.8090 -13.3344 21.7752 -2.5760 0 0 -8.2699 -20.7750 -22.9622 8.4186 7.1250 0 0 8.7574 -54.1455 -1.9801
"""


def swings(rig: list[tuple], frames: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """A path and angles for every joint of a rig."""
    generator = np.random.default_rng(5)
    time = np.linspace(0, 1, frames)[:, None, None]
    degrees = (
        40 * generator.normal(size=(1, len(rig), 3)) * np.sin(4 * time + generator.normal(size=(1, 1, 3)))
    )
    return 90 + 30 * time[:, 0] * generator.normal(size=(1, 3)), degrees


def cosines(joints: torch.Tensor, theirs: dict[str, np.ndarray]) -> torch.Tensor:
    """Between the direction of each limb of ours and of theirs."""
    bones = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
    pairs = [(f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in bones]
    ours = torch.stack([joints[:, joint_index(b)] - joints[:, joint_index(a)] for a, b in pairs]).double()
    wanted = torch.stack([torch.from_numpy(theirs[LIMBS[b]] - theirs[LIMBS[a]]) for a, b in pairs])
    return torch.cosine_similarity(ours, wanted, dim=-1)


def test_our_own_files_come_back_within_a_tenth_of_a_millimetre(tumble, tmp_path):
    write_bvh(tumble, tmp_path / "a.bvh")
    assert_close(retarget_bvh(tmp_path / "a.bvh").joints(), tumble.joints(), atol=1e-4, rtol=0)


@pytest.mark.parametrize("rig", [CMU, MOTIONBUILDER], ids=["cmu", "motionbuilder"])
def test_limbs_point_where_the_limbs_of_the_rig_point(tmp_path, rig):
    root, degrees = swings(rig)
    motion = retarget_bvh(write_rig(tmp_path / "a.bvh", rig, root, degrees))
    assert cosines(motion.joints(), rig_joints(rig, root, degrees)).min() > np.cos(np.radians(0.05))


def test_hips_follow_the_path_of_the_rig_at_the_scale_of_its_legs(tmp_path):
    root, degrees = swings(MOTIONBUILDER)
    motion = retarget_bvh(write_rig(tmp_path / "a.bvh", MOTIONBUILDER, root, degrees))
    places = rig_joints(MOTIONBUILDER, root, degrees)
    ours = motion.joints()[:, [joint_index("left_hip"), joint_index("right_hip")]].mean(1)
    theirs = (places["LeftUpLeg"] + places["RightUpLeg"]) / 2
    bones = [joint_index(f"{side}_{end}") for side in ("left", "right") for end in ("knee", "ankle")]
    scale = rest_offsets()[bones].norm(dim=-1).sum() / 2 / (42 + np.hypot(41, 2))
    assert_close(ours, torch.from_numpy(theirs).float() * scale, atol=1e-5, rtol=0)


def test_a_rig_in_its_rest_pose_is_our_t_pose(tmp_path):
    for rig in (CMU, MOTIONBUILDER):
        motion = retarget_bvh(
            write_rig(tmp_path / "a.bvh", rig, np.zeros((1, 3)), np.zeros((1, len(rig), 3)))
        )
        trunk = [joint_index(name) for name in ("pelvis", "spine1", "spine3", "neck", "head", "left_collar")]
        assert_close(motion.matrices()[0, trunk], torch.eye(3).repeat(len(trunk), 1, 1), atol=1e-5, rtol=0)


def test_unit_prefix_and_up_axis_do_not_matter(tmp_path):
    root, degrees = swings(MOTIONBUILDER)
    wanted = retarget_bvh(write_rig(tmp_path / "a.bvh", MOTIONBUILDER, root, degrees)).joints()
    inches = [(name, parent, tuple(np.array(offset) / 2.54)) for name, parent, offset in MOTIONBUILDER]
    mixamo = write_rig(tmp_path / "b.bvh", inches, root / 2.54, degrees, prefix="mixamorig:")
    assert_close(retarget_bvh(mixamo).joints(), wanted, atol=1e-4, rtol=0)

    z_up = Rotation.from_euler("x", 90, degrees=True)
    turned = Rotation.from_euler("ZYX", degrees.reshape(-1, 3), degrees=True)
    turned = (z_up * turned * z_up.inv()).as_euler("ZYX", degrees=True).reshape(degrees.shape)
    rig = [(name, parent, tuple(z_up.apply(offset))) for name, parent, offset in MOTIONBUILDER]
    file = write_rig(tmp_path / "c.bvh", rig, z_up.apply(root), turned)
    assert_close(retarget_bvh(file).joints(), wanted, atol=1e-4, rtol=0)


def test_a_map_of_names_does_what_known_names_do(tmp_path):
    root, degrees = swings(MOTIONBUILDER)
    wanted = retarget_bvh(write_rig(tmp_path / "a.bvh", MOTIONBUILDER, root, degrees))
    other = [
        (f"b_{name}_x", f"b_{parent}_x" if parent else "", offset) for name, parent, offset in MOTIONBUILDER
    ]
    file = write_rig(tmp_path / "b.bvh", other, root, degrees)
    names = {ours: f"b_{theirs}_x" for ours, theirs in NAMES.items()}
    assert_close(retarget_bvh(file, names=names).joints(), wanted.joints())
    without_spine = {ours: theirs for ours, theirs in names.items() if "spine" not in ours}
    assert_close(retarget_bvh(file, names=without_spine).joints(), wanted.joints())
    with pytest.raises(ValueError, match="give a map of names"):
        retarget_bvh(file)
    for change, message in (
        ({"tail": "b_Hips_x"}, "the map names tail"),
        ({"neck": "b_Nek_x"}, "the skeleton has no b_Nek_x"),
    ):
        with pytest.raises(ValueError, match=message):
            retarget_bvh(file, names=names | change)
    with pytest.raises(ValueError, match="the map of names needs left_hip"):
        retarget_bvh(file, names={"pelvis": "b_Hips_x"})


@pytest.mark.parametrize("spine", [[], ["Spine"], ["Spine", "Chest"], ["Spine", "A", "B", "C"]])
def test_any_number_of_spine_joints_will_do(tmp_path, spine):
    trunk = {"Spine", "Spine1", "Spine2"}
    chain = ["Hips", *spine]
    back = [(name, parent, (0, 12, 0)) for parent, name in zip(chain, spine, strict=False)]
    rest = [joint for joint in MOTIONBUILDER[1:] if joint[0] not in trunk]
    rest = [(name, chain[-1] if parent in trunk else parent, offset) for name, parent, offset in rest]
    rig = [MOTIONBUILDER[0], *back, *rest]
    root, degrees = swings(rig)
    motion = retarget_bvh(write_rig(tmp_path / "a.bvh", rig, root, degrees))
    turned = rig_joints(rig, root, degrees)
    neck = Rotation.from_matrix(
        joint_transforms(motion.matrices(), motion.root)[0][:, joint_index("neck")].double().numpy()
    )
    wanted = turned["Head"] - turned["Neck"]
    assert_close(neck.apply((0, 9, 2)), wanted, atol=1e-3, rtol=0)


def test_what_is_no_t_pose_is_refused(tmp_path):
    def retarget(changes: dict):
        rig = [(name, parent, changes.get(name, offset)) for name, parent, offset in MOTIONBUILDER]
        return retarget_bvh(write_rig(tmp_path / "a.bvh", rig, np.zeros((1, 3)), np.zeros((1, len(rig), 3))))

    retarget({"LeftForeArm": (19, -19, 0)})  # an A-pose passes
    with pytest.raises(ValueError, match=r"not a T-pose: left_shoulder is 8\d degrees"):
        retarget({"LeftForeArm": (0, -27, 0)})
    with pytest.raises(ValueError, match="no length"):
        retarget({"RightLeg": (0, 0, 0)})
    with pytest.raises(ValueError, match="not finite"):
        retarget({"Spine": (0, np.nan, 0)})
    with pytest.raises(ValueError, match="shoulders and spine point the same way"):
        retarget({"Neck": (400, 0, 0)})


def test_broken_files_are_refused_by_name(tmp_path):
    root, degrees = swings(MOTIONBUILDER)
    file = write_rig(tmp_path / "a.bvh", MOTIONBUILDER, root, degrees)
    text = file.read_text()
    for broken, message in (
        (text[: len(text) // 2], r"a\.bvh"),
        (re.sub(r"(MOTION(?s:.)*?Frame Time: \S+\n)\S+", r"\1nan", text), "NaN"),
        ("HIERARCHY\nROOT Hips {\nOFFSET 0 0 0\n}\nMOTION\nFrames: 0\nFrame Time: 0.1\n", "a.bvh"),
        ("", "has 0 bytes"),
    ):
        file.write_text(broken)
        with pytest.raises(ValueError, match=message):
            retarget_bvh(file)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the motion packs are not at {SHARED}")
def test_a_cmu_file_agrees_with_another_conversion_of_the_same_take(tmp_path):
    numbers = np.array(CMU_01_02.split(), dtype=float)
    file = write_rig(tmp_path / "a.bvh", CMU, numbers[None, :3], numbers[3:].reshape(1, -1, 3), fps=120)
    ours = retarget_bvh(file)
    clips = load_pack(SHARED, "cmu", split="train", with_objects=True)
    theirs = next(clip.motion for clip in clips if clip.name == "cmu_01_02").frames(0, 1)
    difference = (ours.joints() - ours.root[:, None]) - (theirs.joints() - theirs.root[:, None])
    assert difference.norm(dim=-1).mean() < 0.002
    assert difference.norm(dim=-1).max() < 0.015

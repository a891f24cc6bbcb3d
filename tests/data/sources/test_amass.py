"""AMASS: the columns and rates of its generations, its split, and files that are no motions."""

import numpy as np
import pytest
from torch.testing import assert_close

from vimo_pipeline.data.clips import TOE_HEIGHT
from vimo_pipeline.data.sources import list_amass
from vimo_pipeline.export import write_amass
from vimo_pipeline.motion.skeleton import joint_index, joint_indices


def write(motion, path, *, columns: int, rate: str, fps: float) -> None:
    """What AMASS itself holds: z up, SMPL-H or SMPL-X columns, no word about the up axis."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_amass(motion.resample(fps), path)
    with np.load(path) as file:
        poses, trans = file["poses"], file["trans"]
    poses = np.concatenate([poses[:, :66], np.zeros((len(poses), columns - 66))], 1)
    trans = trans + np.array([0, 0, 2])
    np.savez(path, poses=poses, trans=trans, gender="male", betas=np.zeros(16), **{rate: fps})


@pytest.mark.parametrize(
    ("columns", "rate", "fps"), [(156, "mocap_framerate", 120.0), (165, "mocap_frame_rate", 60.0)]
)
def test_bodies_stand_upright_on_the_floor_at_30_fps(tmp_path, dancer, columns, rate, fps):
    write(dancer, tmp_path / "KIT" / "3" / "dance_poses.npz", columns=columns, rate=rate, fps=fps)
    (recording,) = list_amass(tmp_path)
    clip = recording.read()
    assert (clip.name, clip.category, recording.group) == ("KIT/3/dance_poses", "KIT", "KIT/3")
    assert "non-commercial" in clip.licence
    body = list(range(joint_index("left_wrist")))  # hands have other columns
    ours, theirs = (motion.joints() - motion.root[:, None] for motion in (clip.motion, dancer))
    assert_close(ours[:, body], theirs[:, body], atol=1e-3, rtol=0)
    feet = clip.motion.joints()[:, joint_indices(("left_foot", "right_foot", "left_ankle", "right_ankle")), 1]
    assert abs(float(feet.amin(1).quantile(0.01)) - TOE_HEIGHT) < 1e-4
    assert_close(clip.motion.root[:, [0, 2]], dancer.root[:, [0, 2]], atol=1e-4, rtol=0)


def test_the_split_is_that_of_amass_and_shapes_are_no_motions(tmp_path, dancer):
    motions = {"SFU/0005/a": "val", "SSM_synced/1/a": "test", "ACCAD/s1/a": None, "KIT/3/b_stageii": None}
    for name in (*motions, "KIT/3/shape", "KIT/3/neutral_stagei"):
        write(dancer.frames(0, 2), tmp_path / f"{name}.npz", columns=156, rate="mocap_framerate", fps=30)
    found = {recording.name: recording.split for recording in list_amass(tmp_path)}
    assert found == motions
    assert [recording.split for recording in list_amass(tmp_path / "SFU")] == ["val"]
    assert list_amass(tmp_path / "SFU")[0].read().category == "SFU"


def test_a_file_without_motion_says_so(tmp_path):
    np.savez(tmp_path / "a.npz", betas=np.zeros(16))
    with pytest.raises(ValueError, match="not a motion in AMASS layout"):
        list_amass(tmp_path)[0].read()

"""Small healthy files and folders of every format, made by the package itself where it can make them."""

import json
import pickle
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from vimo_pipeline.data.clips import Clip, Recording
from vimo_pipeline.data.prepare import prepare
from vimo_pipeline.data.prepared import datasets_library
from vimo_pipeline.data.sources.aist_views import VIEWS
from vimo_pipeline.export import save_motion
from vimo_pipeline.keypoints.importing.layouts import COCO_FROM
from vimo_pipeline.training import TrainConfig
from vimo_pipeline.video.reader import ffmpeg_binary

from ..data.conftest import swinging
from ..export.rigs import MOTIONBUILDER, write_rig
from ..export.smpl_files import smpl_arrays, write_smpl
from ..pipelines.cards.test_results import table
from ..pipelines.cards.test_training_facts import FACTS
from ..pipelines.conftest import keypoints_of, tiny_interpolator, tiny_pipeline

DANCE = "gJB_sBM_cAll_d07_mJB0_ch01"


def motion(suffix: str) -> Callable[[Path], None]:
    """A motion of eight frames, under whatever name."""

    def make(path: Path) -> None:
        made = path.with_name(f"made{suffix}")
        save_motion(swinging(8, seed=1), made)
        made.rename(path)

    return make


def rig(path: Path) -> None:
    """A BVH with the names of MotionBuilder."""
    write_rig(path, MOTIONBUILDER, np.ones((4, 3)) * 90, np.zeros((4, len(MOTIONBUILDER), 3)))


def names(path: Path) -> None:
    """Which joint is which."""
    path.write_text(json.dumps({"pelvis": "Hips", "left_hip": "LeftUpLeg", "right_hip": "RightUpLeg"}))


def keypoints(path: Path) -> None:
    """A keypoints NPZ."""
    keypoints_of(6).save(path)


def openpose(path: Path) -> None:
    """A frame of OpenPose with two people."""
    person = np.zeros((18, 3))
    person[list(COCO_FROM["COCO_18"])] = keypoints_of(6).points[0]
    path.write_text(json.dumps({"people": [{"pose_keypoints_2d": person.reshape(-1).round(1).tolist()}] * 2}))


def openpose_folder(path: Path) -> None:
    """Three frames of OpenPose."""
    path.mkdir()
    for frame in range(3):
        openpose(path / f"dance_{frame:03}_keypoints.json")


def alphapose(path: Path) -> None:
    """Six frames of AlphaPose."""
    people = keypoints_of(6).points.reshape(6, -1).round(1).tolist()
    path.write_text(json.dumps([{"image_id": f"{k}.jpg", "keypoints": people[k]} for k in range(6)]))


def pack(path: Path) -> None:
    """A motion pack of two clips."""
    path.mkdir()
    poses = np.random.default_rng(0).integers(-3000, 3000, (12, 24, 3)).astype(np.int16)
    np.savez(path / "pack_a.npz", poses_q=poses, trans=np.ones((12, 3), np.float32))
    common = {"pack": "a", "split": "train", "category": "x", "licence": "CC0", "scene_objects": False}
    clips = [common | {"name": f"c{at}", "offset": at, "frames": 6} for at in (0, 6)]
    (path / "index.json").write_text(json.dumps({"clips": clips}))


def dataset(path: Path) -> None:
    """What `vimo prepare` writes."""
    datasets_library().disable_progress_bars()
    clips = [Clip(f"c{k}", swinging(40, seed=k), "x", "CC0") for k in range(2)]
    recordings = [Recording(clip.name, lambda clip=clip: clip, clip.name, "train") for clip in clips]
    prepare(recordings, path, source="own")


def aist(path: Path) -> None:
    """A sequence of AIST++ with everything that belongs to it."""
    for folder in ("motions", "keypoints2d", "keypoints3d", "cameras", "splits"):
        (path / folder).mkdir(parents=True)
    save_motion(swinging(8, seed=1), path / "motions" / f"{DANCE}.pkl")
    points = np.tile(keypoints_of(16).points, (9, 1, 1, 1))
    views = {"keypoints2d": points, "timestamps": np.arange(16) * 16_667}
    (path / "keypoints2d" / f"{DANCE}.pkl").write_bytes(pickle.dumps(views))
    (path / "keypoints3d" / f"{DANCE}.pkl").write_bytes(pickle.dumps({"keypoints3d_optim": points[0]}))
    cameras = [
        {"name": name, "size": [1920, 1080], "matrix": np.eye(3).tolist(), "rotation": [0, 0, 0],
         "translation": [0, 0, 1], "distortions": [0] * 5} for name in VIEWS
    ]  # fmt: skip
    (path / "cameras" / "setting1.json").write_text(json.dumps(cameras))
    (path / "cameras" / "mapping.txt").write_text(f"{DANCE} setting1\n")
    for part in ("train", "val", "test"):
        (path / "splits" / f"pose_{part}.txt").write_text(f"{DANCE}\n")
    (path / "ignore_list.txt").write_text("gBR_sBM_cAll_d04_mBR0_ch01\n")


def video(suffix: str, *options: str) -> Callable[[Path], None]:
    """Six pictures of 48 x 32."""

    def make(path: Path) -> None:
        made = path.with_name(f"made{suffix}")
        source = ("-f", "lavfi", "-i", "testsrc2=s=48x32:r=10:d=0.6")
        subprocess.run([ffmpeg_binary(), "-v", "error", *source, *options, str(made)], check=True)
        made.rename(path)

    return make


def music(suffix: str) -> Callable[[Path], None]:
    """A quarter of a second of clicks, in two channels."""

    def make(path: Path) -> None:
        import soundfile

        sound = np.zeros((5512, 2), np.float32)
        sound[::1378] = 0.9
        made = path.with_name(f"made{suffix}")
        soundfile.write(made, sound, 22_050)
        made.rename(path)

    return make


def smpl(path: Path) -> None:
    """A folder with a model in SMPL's form: the name of the file has to end in .npz."""
    path.mkdir()
    write_smpl(path / "model.npz", vertices=40)


def smpl_pickle(path: Path) -> None:
    """The same as it is given out."""
    path.write_bytes(pickle.dumps(smpl_arrays(vertices=40), protocol=2))


def generated(path: Path) -> None:
    """A folder with one motion."""
    path.mkdir()
    save_motion(swinging(8, seed=1), path / "walk.npz")


def results(path: Path) -> None:
    """Figures for a model card."""
    titles = ("From pixels: a film", "out of domain, static clean")
    path.write_text(json.dumps({title: table(title, 40) for title in titles}))


def facts(path: Path) -> None:
    """A folder with what its maker says of weights."""
    path.mkdir()
    (path / "training.json").write_text(json.dumps(asdict(FACTS)))


def run_config(path: Path) -> None:
    """The folder of a training run, as far as its config."""
    path.mkdir()
    (path / "config.json").write_text(json.dumps(asdict(TrainConfig(data="x")), default=str))


def pipeline(path: Path) -> None:
    """A saved pipeline with tiny models."""
    pipe = tiny_pipeline()
    pipe.register_modules(interpolator=tiny_interpolator())
    pipe.save_pretrained(path)

"""Every door through which a stranger's file comes in: who makes a healthy one and who reads it."""

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vimo_pipeline.data.load import load_clips
from vimo_pipeline.data.sources import list_aist
from vimo_pipeline.data.sources.aist_views import read_cameras, read_keypoints3d
from vimo_pipeline.data.sources.bvh import read_names
from vimo_pipeline.export import load_motion
from vimo_pipeline.export.meshes_smpl import load_smpl, skin_smpl
from vimo_pipeline.export.retarget import retarget_bvh
from vimo_pipeline.keypoints import find_people, load_keypoints
from vimo_pipeline.metrics import music_beats
from vimo_pipeline.metrics.evaluation import read_motions
from vimo_pipeline.motion import Motion
from vimo_pipeline.pipelines import ViMoPipeline
from vimo_pipeline.pipelines.cards.results import eval_results, read_results
from vimo_pipeline.pipelines.cards.training_facts import read_training
from vimo_pipeline.training.facts import read_run, run_facts
from vimo_pipeline.video import probe_video, read_frames

from ..data.conftest import swinging
from . import healthy

SMPL_TO_NPZ = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "smpl_to_npz.py"))


@dataclass(frozen=True)
class Door:
    """How a healthy file or folder is made, how it is read, and how many damaged ones are tried."""

    make: Callable[[Path], None]
    read: Callable[[Path], Any]
    inputs: int


def usable(motion: Motion) -> None:
    """What came through a door can be worked with behind it."""
    assert motion.joints().isfinite().all() and motion.pack().isfinite().all()
    assert len(motion.resample(30.0)) >= 1


def _motion(path: Path) -> None:
    usable(load_motion(path))


def _retargeted(path: Path) -> None:
    usable(retarget_bvh(path))


def _keypoints(path: Path) -> None:
    keypoints = load_keypoints(path)
    assert np.isfinite(keypoints.points).all() and keypoints.width > 0 and keypoints.height > 0


def _people(path: Path) -> None:
    _keypoints(path)
    assert find_people(path)


def _music(path: Path) -> None:
    beats = music_beats(path)
    assert np.isfinite(beats).all() and (np.diff(beats) > 0).all()


def _smpl(path: Path) -> None:
    assert skin_smpl(load_smpl(path / "model.npz"), swinging(2, seed=1)).isfinite().all()


def _smpl_pickle(path: Path) -> None:
    SMPL_TO_NPZ["convert"](path, path.with_name("converted.npz"))


def _generated(path: Path) -> None:
    for hypotheses in read_motions(path).motions.values():
        usable(hypotheses[0])


def _results(path: Path) -> None:
    tables = read_results(path)
    eval_results(tables)
    assert all(table.markdown() for table in tables)


def _facts(path: Path) -> None:
    facts = read_training(path)
    if facts is None:
        raise FileNotFoundError(path)
    assert facts.markdown()


def _run_config(path: Path) -> None:
    run_facts(read_run(path))


def _clips(path: Path) -> None:
    for clip in load_clips(path, split="train", packs=("a",)):
        usable(clip.motion)


def _aist(path: Path) -> None:
    read_cameras(path, healthy.DANCE)
    read_keypoints3d(path, healthy.DANCE)
    for recording in list_aist(path, split="pose"):
        usable(recording.read().motion)


def _video(path: Path) -> None:
    probe_video(path)
    for frame, _ in zip(read_frames(path, fps=10, max_side=64), range(20), strict=False):
        assert frame.size


def _pipeline(path: Path) -> None:
    ViMoPipeline.from_pretrained(path)


DOORS = {
    "keypoints": Door(healthy.keypoints, _keypoints, 150),
    "openpose": Door(healthy.openpose, _people, 100),
    "openpose folder": Door(healthy.openpose_folder, _people, 60),
    "alphapose": Door(healthy.alphapose, _people, 100),
    "bvh": Door(healthy.motion(".bvh"), _motion, 120),
    "bvh of a rig": Door(healthy.rig, _retargeted, 100),
    "names of a rig": Door(healthy.names, read_names, 40),
    "glb": Door(healthy.motion(".glb"), _motion, 120),
    "amass": Door(healthy.motion(".npz"), _motion, 150),
    "aist motion": Door(healthy.motion(".pkl"), _motion, 150),
    "aist folder": Door(healthy.aist, _aist, 100),
    "wav": Door(healthy.music(".wav"), _music, 60),
    "flac": Door(healthy.music(".flac"), _music, 60),
    "ogg": Door(healthy.music(".ogg"), _music, 60),
    "mp3": Door(healthy.music(".mp3"), _music, 60),
    "smpl": Door(healthy.smpl, _smpl, 100),
    "smpl pickle": Door(healthy.smpl_pickle, _smpl_pickle, 100),
    "generated": Door(healthy.generated, _generated, 60),
    "results": Door(healthy.results, _results, 80),
    "training facts": Door(healthy.facts, _facts, 80),
    "run config": Door(healthy.run_config, _run_config, 80),
    "pack": Door(healthy.pack, _clips, 80),
    "dataset": Door(healthy.dataset, _clips, 60),
    "pipeline": Door(healthy.pipeline, _pipeline, 60),
    "mp4": Door(healthy.video(".mp4", "-pix_fmt", "yuv420p"), _video, 30),
    "gif": Door(healthy.video(".gif"), _video, 30),
    "webm": Door(healthy.video(".webm", "-c:v", "libvpx"), _video, 20),
}

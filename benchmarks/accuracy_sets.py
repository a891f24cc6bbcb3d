"""What accuracy is measured on: motions never trained on, filmed at three levels of casualness."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from vimo_pipeline import Keypoints, Motion
from vimo_pipeline.data.batches import SIZE_WINDOW, Batch
from vimo_pipeline.data.cameras import film
from vimo_pipeline.data.casual import LEVELS, Casual
from vimo_pipeline.data.clips import Clip
from vimo_pipeline.data.detector_noise import detect
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.keypoints.normalise import normalise_points
from vimo_pipeline.motion.kinematics import joint_transforms

FRAMES, FPS = 150, 30.0
PACKS = {"held-out CMU": "cmu", "out of domain": "bandai_eval_nc"}
_MIDDLE = 1000  # pixels: where the middle of the virtual picture is
_SEED = 11


class TestSet(NamedTuple):
    """N clips, what was seen of them and what was there."""

    name: str
    level: str
    seen: list[Keypoints]
    batch: Batch  # the same, normalised: what a network is given

    @property
    def truth(self) -> Tensor:
        """Features, not normalised, [N, 150, 151]."""
        return self.batch.features


def virtual_sets(folder: Path, clips: int) -> Iterator[TestSet]:
    """Every pack at every level; the same windows at all levels."""
    for name, pack in PACKS.items():
        for level, casual in LEVELS.items():
            yield filmed(name, level, folder, pack, casual, clips)


def filmed(name: str, level: str, folder: Path, pack: str, casual: Casual, clips: int) -> TestSet:
    """Five-second windows of the test clips that are long enough, seen by virtual cameras and detector."""
    return filmed_motions(name, level, test_motions(folder, pack), casual, clips)


def filmed_motions(name: str, level: str, motions: list[Motion], casual: Casual, clips: int) -> TestSet:
    """The same of these motions."""
    generator = Generator().manual_seed(_SEED)
    windows = MotionBank(motions).draw(clips, FRAMES, generator=generator, augment=())
    orientations, joints = joint_transforms(windows.motion.rotations, windows.motion.root)
    points = coco_from_joints(orientations, joints)
    view = film(points, windows.motion.root, generator=generator, casual=casual)
    seen = detect(view, generator=generator, casual=casual)
    camera_joints = (joints - joints[..., :1, :]) @ view.world_to_camera.mT
    normalised = normalise_points(seen, view.shots, window=SIZE_WINDOW)
    batch = Batch(windows.motion.pack(), normalised, camera_joints, windows.mask)
    keypoints = [as_keypoints(*clip) for clip in zip(seen, view.shots, strict=True)]
    return TestSet(name, level, keypoints, batch)


def test_motions(folder: Path, pack: str) -> list[Motion]:
    """Test clips of at least five seconds."""
    return [clip.motion for clip in test_clips(folder, pack)]


def test_clips(folder: Path, pack: str) -> list[Clip]:
    """The same with their names."""
    return [clip for clip in load_pack(folder, pack, split="test") if len(clip.motion) >= FRAMES]


def as_keypoints(points: Tensor, shots: Tensor) -> Keypoints:
    """[T, 17, 3] pixels from the middle of the picture and [T] numbers of shots as a capture has them."""
    moved = points + torch.tensor([_MIDDLE, _MIDDLE, 0.0])
    cuts = (shots.diff() != 0).nonzero()[:, 0] + 1
    return Keypoints(moved.numpy().astype(np.float32), FPS, 2 * _MIDDLE, 2 * _MIDDLE, tuple(cuts.tolist()))

"""Long clips to measure on: recordings never trained on, played to and fro until they are long enough."""

from pathlib import Path
from typing import NamedTuple

import torch
from accuracy_sets import FPS, PACKS, as_keypoints
from torch import Generator, Tensor

from vimo_pipeline import Keypoints, Motion
from vimo_pipeline.data.cameras import View, film
from vimo_pipeline.data.casual import LEVELS, Casual
from vimo_pipeline.data.detector_noise import detect
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.motion.kinematics import joint_transforms

LEVEL = "moving and noisy"
STRETCH = 600  # frames


class LongClip(NamedTuple):
    """What there was and what was seen of it."""

    name: str
    truth: Motion
    seen: Keypoints


def long_clips(folder: Path, count: int, seconds: float) -> list[LongClip]:
    """As many clips of each test set, of its longest recordings; a long recording gives several."""
    frames = round(seconds * FPS)
    return [
        LongClip(name, truth, filmed(truth, LEVELS[LEVEL], seed=index))
        for pack in PACKS.values()
        for index, (name, truth) in enumerate(_longest(folder, pack, count, frames))
    ]


def filmed(truth: Motion, casual: Casual, *, seed: int) -> Keypoints:
    """What a virtual camera and detector make of a motion."""
    view = film(*_body(truth), generator=Generator().manual_seed(seed), casual=casual)
    return as_keypoints(_detected(view, casual, seed), view.shots[0])


def filmed_in_shots(
    truth: Motion, casual: Casual, *, shots: int, seed: int
) -> tuple[Keypoints, list[Keypoints]]:
    """A motion filmed by several cameras cut together, and by each of them from beginning to end.

    A camera's detector errs in the same way in both, but for what it loses after a cut.
    """
    views = [
        film(*_body(truth), generator=Generator().manual_seed(seed + k), casual=casual) for k in range(shots)
    ]
    number = (torch.arange(len(truth)) * shots // len(truth))[None]
    alone = [as_keypoints(_detected(view, casual, seed + k), view.shots[0]) for k, view in enumerate(views)]
    together = View(*(_chosen(torch.stack(each), number) for each in zip(*views, strict=True)))
    points = _detected(together._replace(shots=number), casual, seed)
    return as_keypoints(points, number[0]), alone


def _detected(view: View, casual: Casual, seed: int) -> Tensor:
    """Keypoints, [T, 17, 3]. The detector fares otherwise in every stretch, as in every clip of training."""
    generator = Generator().manual_seed(1000 + seed)
    stretches = zip(*(each.split(STRETCH, dim=1) for each in view), strict=True)
    return torch.cat([detect(View(*each), generator=generator, casual=casual)[0] for each in stretches])


def _chosen(cameras: Tensor, number: Tensor) -> Tensor:
    """Of every frame what its camera saw. [K, 1, T, ...], [1, T] -> [1, T, ...]."""
    return cameras[number[0], 0, torch.arange(number.shape[1])][None]


def _body(truth: Motion) -> tuple[Tensor, Tensor]:
    orientations, joints = joint_transforms(truth.matrices()[None], truth.root[None])
    return coco_from_joints(orientations, joints), truth.root[None]


def _longest(folder: Path, pack: str, count: int, frames: int) -> list[tuple[str, Motion]]:
    recordings = sorted(load_pack(folder, pack, split="test"), key=lambda clip: -len(clip.motion))
    parts: list[tuple[str, Motion]] = []
    for clip in recordings:
        whole = len(clip.motion) // frames  # so many without playing anything twice
        for part in range(max(1, whole)):
            motion = clip.motion.frames(part * frames, min((part + 1) * frames, len(clip.motion)))
            parts.append((clip.name, to_and_fro(motion, frames)))
    return parts[:count]


def to_and_fro(motion: Motion, frames: int) -> Motion:
    """A motion played forwards, backwards and so on until it has so many frames; it starts canonical."""
    period = max(1, 2 * (len(motion) - 1))
    place = torch.arange(frames) % period
    order = torch.minimum(place, period - place)
    return Motion.from_rotations(motion.rotations[order], motion.root[order], fps=FPS).canonical()

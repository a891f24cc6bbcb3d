"""Virtual casual cameras: they follow, pan, dolly, roll, shake and cut, and nobody calibrated them."""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from .smooth_noise import smooth_noise

FOCAL_LENGTH = 600.0  # pixels; only a scale, because keypoints are normalised by body size
CUT_SHARE = 0.15  # of clips hold a shot cut
FOLLOWING_SHARE = 0.6  # of cameras follow the person, the rest look at where the person is on average
MOVING_SHARE = 0.5  # of cameras also drift around the person


class Shot(NamedTuple):
    """Where a camera stands in relation to what it looks at, every frame. [B, T] each; radians, metres."""

    azimuth: Tensor  # 0 is in front of a person who faces +z
    elevation: Tensor
    distance: Tensor
    roll: Tensor


class View(NamedTuple):
    """Points as a camera sees them."""

    pixels: Tensor  # [B, T, N, 2] x right, y down, from the middle of the image
    metres: Tensor  # [B, T, N, 3] from the camera along its axes: x right, y up, z towards it
    pixels_per_metre: Tensor  # [B, T] at the target
    shots: Tensor  # [B, T] number of the shot a frame belongs to
    world_to_camera: Tensor  # [B, T, 3, 3] rows x right, y up, z towards the camera


def film(points: Tensor, root: Tensor, *, generator: Generator) -> View:
    """Film a batch of clips with random cameras. points: [B, T, N, 3], root: [B, T, 3] metres, y up."""
    batch, frames = root.shape[:2]
    shots = _cuts(batch, frames, generator)
    first, second = (_random_shot(batch, frames, generator) for _ in range(2))
    shot = Shot(*(torch.where(shots == 0, a, b) for a, b in zip(first, second, strict=True)))
    return look(points, _target(root, generator), shot)._replace(shots=shots)


def look(points: Tensor, target: Tensor, shot: Shot) -> View:
    """Project points with cameras that look at `target`, [B, T, 3]."""
    backward = _direction(shot.azimuth, shot.elevation)  # [B, T, 3] from the target to the camera
    world_to_camera = _camera_axes(backward, shot.roll)
    eye = target + backward * shot.distance[..., None]
    seen = (points - eye[..., None, :]) @ world_to_camera.mT  # x right, y up, z towards the camera
    depth = (-seen[..., 2:]).clamp(min=0.2)
    pixels = FOCAL_LENGTH * seen[..., :2] / depth * seen.new_tensor([1.0, -1.0])
    shots = torch.zeros_like(shot.roll, dtype=torch.long)
    return View(pixels, seen, FOCAL_LENGTH / shot.distance, shots, world_to_camera)


def _direction(azimuth: Tensor, elevation: Tensor) -> Tensor:
    flat = elevation.cos()
    return torch.stack([flat * azimuth.sin(), elevation.sin(), flat * azimuth.cos()], -1)


def _camera_axes(backward: Tensor, roll: Tensor) -> Tensor:
    """Rows right, up and backward of a camera, [B, T, 3, 3]."""
    level = torch.stack([backward[..., 2], torch.zeros_like(roll), -backward[..., 0]], -1)
    level = torch.nn.functional.normalize(level, dim=-1)
    upright = torch.linalg.cross(backward, level)
    cos, sin = roll.cos()[..., None], roll.sin()[..., None]
    return torch.stack([cos * level + sin * upright, cos * upright - sin * level, backward], -2)


def _random_shot(batch: int, frames: int, generator: Generator) -> Shot:
    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(batch, 1, generator=generator)

    def normal(deviation: float) -> Tensor:
        return deviation * torch.randn(batch, 1, generator=generator)

    def drift(largest: float) -> Tensor:
        moves = torch.rand(batch, 1, generator=generator) < MOVING_SHARE
        return uniform(0, largest) * moves * smooth_noise(batch, frames, generator)

    degrees = math.pi / 180
    in_front = torch.rand(batch, 1, generator=generator) < 0.4
    azimuth = torch.where(in_front, normal(35 * degrees), uniform(-math.pi, math.pi))
    return Shot(
        azimuth + drift(35 * degrees),
        (uniform(-8, 22) * degrees + normal(5 * degrees) + drift(8 * degrees)).clamp(-1.2, 1.2),
        (uniform(math.log(1.8), math.log(8.0)) + drift(0.3)).exp(),
        normal(3 * degrees) + drift(4 * degrees),
    )


def _cuts(batch: int, frames: int, generator: Generator) -> Tensor:
    """0 before the cut of a clip and 1 from it on, [B, T]."""
    has_cut = torch.rand(batch, 1, generator=generator) < CUT_SHARE
    cut = torch.rand(batch, 1, generator=generator) * frames
    return (has_cut & (torch.arange(frames) >= cut)).long()


def _target(root: Tensor, generator: Generator) -> Tensor:
    """What the camera looks at: the person, smoothly followed, or the middle of the path. [B, T, 3]."""
    batch = len(root)
    middle = root.mean(1, keepdim=True).expand_as(root)
    width = min(31, root.shape[1] // 2 * 2 - 1)
    padded = torch.nn.functional.pad(root.mT, (width // 2, width // 2), mode="replicate")
    followed = torch.nn.functional.avg_pool1d(padded, width, stride=1).mT
    follows = torch.rand(batch, 1, 1, generator=generator) < FOLLOWING_SHARE
    aim = 0.3 * torch.randn(batch, 1, 3, generator=generator)  # nobody keeps a person exactly in the middle
    return torch.where(follows, followed, middle) + aim

"""Virtual casual cameras: they follow, pan, dolly, zoom, roll, shake and cut, and nobody calibrated them."""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from .casual import TRAINING, Casual
from .smooth_noise import smooth_noise

# Pixels. Only a scale, because keypoints are normalised by body size: how strong perspective is depends on
# the distance alone. A zoom does matter, because that size is taken over two seconds of it.
FOCAL_LENGTH = 600.0

_DEGREE = math.pi / 180
_CLEARANCE = 1.2  # metres between a camera and whoever comes closest to it
_SHAKE_PERIODS = (4.0, 15.0)  # frames: hands and steps shake a phone at 2 to 8 Hz
_SHAKE_METRES, _SHAKE_ROLL = 0.012, 0.6 * _DEGREE  # largest deviations
_LARGEST_ZOOM = 0.25  # largest deviation of the logarithm
# Metres at the person from the middle of the picture to its far edges; the others are 9/16 of it away.
_TIGHTEST, _WIDEST = 0.9, 2.0


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
    inside: Tensor  # [B, T, N] False beyond the edges of the picture


class _Take(NamedTuple):
    """One camera through a whole clip."""

    shot: Shot
    target: Tensor  # [B, T, 3]
    zoom: Tensor  # [B, T] times the focal length
    edges: Tensor  # [B, T, 2] pixels from the middle of the picture to its right and lower edge


def film(points: Tensor, root: Tensor, *, generator: Generator, casual: Casual = TRAINING) -> View:
    """Film a batch of clips with random cameras. points: [B, T, N, 3], root: [B, T, 3] metres, y up."""
    shots = _cuts(*root.shape[:2], casual, generator)
    take = _cut_together(shots, *(_random_take(root, casual, generator) for _ in range(2)))
    view = look(points, take.target, take.shot, zoom=take.zoom)
    inside = (view.pixels.abs() < take.edges[..., None, :]).all(-1)
    return view._replace(shots=shots, inside=inside)


def look(points: Tensor, target: Tensor, shot: Shot, *, zoom: Tensor | float = 1.0) -> View:
    """Project points with cameras that look at `target`, [B, T, 3]; their pictures have no edges."""
    backward = _direction(shot.azimuth, shot.elevation)  # [B, T, 3] from the target to the camera
    world_to_camera = _camera_axes(backward, shot.roll)
    eye = target + backward * shot.distance[..., None]
    seen = (points - eye[..., None, :]) @ world_to_camera.mT  # x right, y up, z towards the camera
    depth = (-seen[..., 2:]).clamp(min=0.2)
    focal_length = FOCAL_LENGTH * zoom * torch.ones_like(shot.roll)  # [B, T]
    pixels = focal_length[..., None, None] * seen[..., :2] / depth * seen.new_tensor([1.0, -1.0])
    shots = torch.zeros_like(shot.roll, dtype=torch.long)
    inside = torch.ones_like(pixels[..., 0], dtype=torch.bool)
    return View(pixels, seen, focal_length / shot.distance, shots, world_to_camera, inside)


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


def _cuts(batch: int, frames: int, casual: Casual, generator: Generator) -> Tensor:
    """0 before the cut of a clip and 1 from it on, [B, T]."""
    has_cut = torch.rand(batch, 1, generator=generator) < casual.cut_share
    cut = torch.rand(batch, 1, generator=generator) * frames
    return (has_cut & (torch.arange(frames) >= cut)).long()


def _cut_together(shots: Tensor, first: _Take, second: _Take) -> _Take:
    """The first take until the cut, then the second."""

    def choose(a: Tensor, b: Tensor) -> Tensor:
        return torch.where((shots == 0).view(*shots.shape, *[1] * (a.ndim - 2)), a, b)

    shot = Shot(*map(choose, first.shot, second.shot))
    return _Take(shot, *map(choose, first[1:], second[1:]))


def _random_take(root: Tensor, casual: Casual, generator: Generator) -> _Take:
    batch, frames = root.shape[:2]
    anchor, target = _paths(root, casual, generator)
    shot = _random_shot(batch, frames, casual, generator)
    comes_near = (root - anchor).norm(dim=-1).amax(1, keepdim=True)
    distance = shot.distance.clamp(min=comes_near + _CLEARANCE)
    shake = _shake(batch, frames, casual, generator)  # [B, T, 4]
    eye = anchor + _direction(shot.azimuth, shot.elevation) * distance[..., None]
    shot = _aim(eye + _SHAKE_METRES * shake[..., :3], target, shot.roll + _SHAKE_ROLL * shake[..., 3])
    zooming = _LARGEST_ZOOM * _sometimes(batch, casual.zooming_share, generator)
    zoom = (zooming * smooth_noise(batch, frames, generator)).exp()
    return _Take(shot, target, zoom, _edges(shot, casual, generator))


def _random_shot(batch: int, frames: int, casual: Casual, generator: Generator) -> Shot:
    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(batch, 1, generator=generator)

    def normal(deviation: float) -> Tensor:
        return deviation * torch.randn(batch, 1, generator=generator)

    def drift(largest: float) -> Tensor:
        size = largest * _sometimes(batch, casual.moving_share, generator)
        return size * smooth_noise(batch, frames, generator)

    in_front = torch.rand(batch, 1, generator=generator) < 0.4
    azimuth = torch.where(in_front, normal(35 * _DEGREE), uniform(-math.pi, math.pi))
    return Shot(
        azimuth + drift(35 * _DEGREE),
        (uniform(-8, 22) * _DEGREE + normal(5 * _DEGREE) + drift(8 * _DEGREE)).clamp(-1.2, 1.2),
        (uniform(math.log(1.8), math.log(8.0)) + drift(0.3)).exp(),
        normal(3 * _DEGREE) + drift(4 * _DEGREE),
    )


def _sometimes(batch: int, share: float, generator: Generator) -> Tensor:
    """A random size up to 1 in a share of the clips and 0 in the others, [B, 1]."""
    size, chance = torch.rand(2, batch, 1, generator=generator)
    return size * (chance < share)


def _paths(root: Tensor, casual: Casual, generator: Generator) -> tuple[Tensor, Tensor]:
    """What the camera's place depends on and what it looks at, [B, T, 3] each: the person, smoothly followed,
    or the middle of the path."""
    batch = len(root)
    middle = root.mean(1, keepdim=True).expand_as(root)
    followed = _smoothed(root)
    chance = torch.rand(batch, 1, 1, generator=generator)
    follows = chance < casual.following_share
    pans = chance < casual.following_share + casual.panning_share
    aim = 0.3 * torch.randn(batch, 1, 3, generator=generator)  # nobody keeps a person exactly in the middle
    return torch.where(follows, followed, middle) + aim, torch.where(pans, followed, middle) + aim


def _smoothed(root: Tensor) -> Tensor:
    """A path as seen by somebody who reacts within half a second."""
    width = min(31, root.shape[1] // 2 * 2 - 1)
    padded = torch.nn.functional.pad(root.mT, (width // 2, width // 2), mode="replicate")
    return torch.nn.functional.avg_pool1d(padded, width, stride=1).mT


def _shake(batch: int, frames: int, casual: Casual, generator: Generator) -> Tensor:
    """Four quick curves of deviation up to 1: three for the place of the camera and one for its roll."""
    size = _sometimes(batch, casual.shaking_share, generator)
    curves = smooth_noise(4 * batch, frames, generator, periods=_SHAKE_PERIODS)
    return size[..., None] * curves.view(batch, 4, frames).mT


def _aim(eye: Tensor, target: Tensor, roll: Tensor) -> Shot:
    """The shot of a camera at `eye` that looks at `target`, [B, T, 3] each."""
    x, y, z = (eye - target).unbind(-1)
    distance = (eye - target).norm(dim=-1)
    return Shot(torch.atan2(x, z), torch.asin((y / distance).clamp(-1, 1)), distance, roll)


def _edges(shot: Shot, casual: Casual, generator: Generator) -> Tensor:
    """Half the width and height of the picture in pixels, [B, T, 2], upright or lying; most pictures end far
    from the person."""
    batch = len(shot.roll)
    tightness, upright, chance = torch.rand(3, batch, 1, generator=generator)
    metres = _TIGHTEST + (_WIDEST - _TIGHTEST) * tightness
    metres = torch.where(chance < casual.cropped_share, metres, torch.inf)
    far = FOCAL_LENGTH * metres / shot.distance.mean(1, keepdim=True)
    sides = torch.stack([far, 9 / 16 * far], -1)  # [B, 1, 2]
    return torch.where((upright < 0.5)[..., None], sides.flip(-1), sides).expand(*shot.roll.shape, 2)

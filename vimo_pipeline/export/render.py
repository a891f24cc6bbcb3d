"""Meshes drawn on the CPU without OpenGL: back faces culled, the rest painted from far to near.

Everything draws onto a uint8 RGB image in place. OpenCV fills polygons without smoothing their edges, so draw
at twice the size with `camera.scaled(2)` and shrink the picture with cv2.INTER_AREA.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy import ndarray

PIP_LINE = "pip install opencv-contrib-python"  # mediapipe brings it
NEAREST = 0.1  # metres; what is nearer to the camera is not drawn
SUBPIXEL_BITS = 3  # OpenCV takes fixed-point corners
LINE_TYPE = 8  # cv2.LINE_8: polygons are smoothed by drawing large


@dataclass(frozen=True)
class Camera:
    """A perspective camera. Pixels are continuous, x right, y down: the first pixel spans 0 to 1."""

    position: ndarray  # [3] metres, y up
    target: ndarray  # [3] what is in the middle of the picture
    field_of_view: float  # from top to bottom, radians
    width: int
    height: int
    roll: float = 0.0  # radians; a positive angle turns the picture clockwise

    def world_to_pixels(self, points: ndarray) -> tuple[ndarray, ndarray]:
        """Where points [..., 3] are seen, [..., 2], and how far before the camera, [...] metres."""
        seen = (np.asarray(points) - self.position) @ self.axes().T
        depth = seen[..., 2]
        focal = self.height / 2 / np.tan(self.field_of_view / 2)
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)[..., None]
        return focal * seen[..., :2] / safe + np.array([self.width, self.height]) / 2, depth

    def axes(self) -> ndarray:
        """Rows right, down and forward in the world, [3, 3]."""
        forward = _unit(np.asarray(self.target, float) - self.position)
        right = _unit(np.cross(forward, [0.0, 1.0, 0.0]))
        down = np.cross(forward, right)
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        return np.stack([cos * right - sin * down, sin * right + cos * down, forward])

    def scaled(self, factor: float) -> "Camera":
        """The same view with more or fewer pixels."""
        return replace(self, width=round(self.width * factor), height=round(self.height * factor))


@dataclass(frozen=True)
class Light:
    """One far lamp, a brighter sky and a darker ground; brightness 1 shows a colour as it is."""

    direction: tuple[float, float, float] = (0.45, 0.8, 0.5)  # from the scene towards the lamp
    lamp: float = 0.55
    sky: float = 0.52
    ground: float = 0.30
    shadow: float = 0.65  # what is left of the light on a shaded floor

    def brightness(self, normals: ndarray) -> ndarray:
        """Lambert's cosine plus light from above and below. [..., 3] -> [...]."""
        upward = (normals[..., 1] + 1) / 2
        cosine = (normals @ _unit(np.array(self.direction))).clip(min=0)
        return self.lamp * cosine + self.ground + (self.sky - self.ground) * upward


def draw_mesh(
    image: ndarray, vertices: ndarray, faces: ndarray, *, camera: Camera, colours: ndarray, light: Light
) -> None:
    """Paint a closed mesh. vertices: [V, 3]; faces: [F, 3] counter-clockwise from outside; colours: [F, 3].

    A face is lit by the mean of its corners' normals, which hides the facets of a round body.
    """
    fill = opencv().fillConvexPoly
    pixels, depth = camera.world_to_pixels(vertices)
    corners = pixels[faces]
    order = _back_to_front(corners, depth[faces])
    brightness = light.brightness(_face_normals(vertices, faces)[order])
    shaded = (colours[order] * brightness[:, None]).clip(0, 255).round().tolist()
    for corner, colour in zip(fixed_point(corners[order]), shaded, strict=True):
        fill(image, corner, colour, LINE_TYPE, SUBPIXEL_BITS)


def draw_shadow(
    image: ndarray, vertices: ndarray, limbs: list[ndarray], *, camera: Camera, light: Light
) -> None:
    """Darken the floor y = 0 where the lamp does not reach. limbs: the vertices of each roughly convex part.

    A convex outline a limb, blurred at a quarter of the size: cheaper than every triangle, and soft.
    """
    cv2 = opencv()
    towards = _unit(np.array(light.direction))
    small = camera.scaled(0.25)
    pixels, depth = small.world_to_pixels(vertices - vertices[:, 1:2] / towards[1] * towards)
    mask = np.full((small.height, small.width), 255, np.uint8)
    for limb in limbs:
        if (depth[limb] > NEAREST).all():
            outline = cv2.convexHull(fixed_point(pixels[limb]))
            cv2.fillConvexPoly(mask, outline, round(255 * light.shadow), LINE_TYPE, SUBPIXEL_BITS)
    mask = cv2.resize(cv2.GaussianBlur(mask, (0, 0), small.height / 110), (camera.width, camera.height))
    rows = np.flatnonzero(mask.min(1) < 255)
    if len(rows):
        band = image[rows[0] : rows[-1] + 1]
        cv2.multiply(band, cv2.merge([mask[rows[0] : rows[-1] + 1]] * 3), dst=band, scale=1 / 255)


def draw_grid(
    image: ndarray, *, camera: Camera, middle: ndarray, colour: ndarray, step: float = 0.5, reach: float = 4.0
) -> None:
    """Lines on the floor y = 0 every `step` metres around a point, fading into what is there at `reach`."""
    cv2 = opencv()
    starts, stops = _grid_segments(np.asarray(middle), step, reach)
    (a, near), (b, far) = camera.world_to_pixels(starts), camera.world_to_pixels(stops)
    distance = np.linalg.norm(((starts + stops) / 2 - middle)[:, [0, 2]], axis=1)
    strength = (1 - distance / reach).clip(0, 1)
    kept = (np.minimum(near, far) > NEAREST) & (strength > 0.03)
    backdrop = image[0, 0].astype(float)
    tints = backdrop + (np.asarray(colour) - backdrop) * strength[kept, None]
    for start, stop, tint in zip(fixed_point(a[kept]), fixed_point(b[kept]), tints.tolist(), strict=True):
        cv2.line(image, start, stop, tint, max(1, camera.height // 500), cv2.LINE_AA, SUBPIXEL_BITS)


def opencv() -> Any:
    """The cv2 module, or an error that says how to get it."""
    try:
        import cv2
    except ImportError as error:
        raise ImportError(f"drawing needs OpenCV: {PIP_LINE}") from error
    return cv2


def fixed_point(pixels: ndarray) -> ndarray:
    """OpenCV's integers of SUBPIXEL_BITS; its pixel centres are whole numbers, ours are halves."""
    limit = 1 << 24  # far outside any picture, and safe in 32 bits
    return ((pixels - 0.5) * (1 << SUBPIXEL_BITS)).round().clip(-limit, limit).astype(np.int32)


def _back_to_front(corners: ndarray, depth: ndarray) -> ndarray:
    """Faces that look at the camera and lie before it, the farthest first. [F, 3, 2], [F, 3] -> [visible]."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0  # y goes down, so the sign is turned
    visible = np.flatnonzero(facing & (depth > NEAREST).all(1))
    return visible[np.argsort(-depth[visible].mean(1))]


def _face_normals(vertices: ndarray, faces: ndarray) -> ndarray:
    """Unit normals, each smoothed over the faces that share a corner with it. [F, 3]."""
    a, b, c = vertices[faces].swapaxes(0, 1)
    sharp = np.cross(b - a, c - a)
    at_vertices = [np.bincount(faces.ravel(), np.repeat(axis, 3), len(vertices)) for axis in sharp.T]
    return _unit(_unit(np.stack(at_vertices, -1))[faces].mean(1))


def _grid_segments(middle: ndarray, step: float, reach: float) -> tuple[ndarray, ndarray]:
    """Both families of lines cut at every crossing: starts and stops, [N, 3] each."""
    count = int(np.ceil(reach / step))
    ticks = np.arange(-count, count + 1) * step
    x, z = (ticks + np.round(middle[axis] / step) * step for axis in (0, 2))
    points = np.stack(np.broadcast_arrays(x[:, None], 0.0, z), -1)  # [X, Z, 3]
    pairs = [(points[:-1], points[1:]), (points[:, :-1], points[:, 1:])]
    starts, stops = zip(*pairs, strict=True)
    return tuple(np.concatenate([part.reshape(-1, 3) for part in side]) for side in (starts, stops))


def _unit(vectors: ndarray) -> ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(min=1e-12)

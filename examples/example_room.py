"""The room of the example video: walls, a wooden floor, a rug, a window and pictures, as flat panels."""

import numpy as np
from numpy import ndarray

from vimo_pipeline.export.render import LINE_TYPE, NEAREST, SUBPIXEL_BITS, Camera, fixed_point, opencv

HALF, HEIGHT = 3.2, 2.7  # metres from the middle to each wall, and up to the ceiling
WALL, SIDE_WALL, CEILING = (206, 200, 188), (190, 184, 172), (226, 222, 214)
FLOOR, BOARD, SKIRTING, RUG = (158, 126, 96), (146, 115, 87), (232, 228, 220), (122, 136, 132)
PANES = [  # wall, centre along the wall, centre height, width, height, colour; nearer panes come later
    ("back", -1.75, 1.55, 1.30, 1.35, (238, 236, 230)),
    ("back", -1.75, 1.55, 1.16, 1.21, (176, 204, 222)),
    ("back", -1.75, 1.55, 0.05, 1.21, (238, 236, 230)),
    ("back", 1.90, 1.60, 0.74, 0.94, (84, 70, 58)),
    ("back", 1.90, 1.60, 0.64, 0.84, (214, 206, 190)),
    ("back", 1.90, 1.50, 0.40, 0.40, (160, 110, 84)),
    ("left", 0.60, 1.00, 0.90, 2.00, (150, 120, 92)),
    ("right", 0.20, 1.50, 1.20, 0.80, (96, 112, 118)),
    ("front", 0.00, 1.50, 1.60, 1.00, (128, 104, 96)),
]


def draw_room(image: ndarray, *, camera: Camera) -> None:
    """Paint the room, seen from inside, over the whole image."""
    for corners, colour in _panels():
        _fill(image, corners, colour, camera)


def _panels() -> list[tuple[ndarray, tuple[int, int, int]]]:
    """Corners [4, 3] and colour of every panel, what is behind first."""
    walls = [
        (_pane(wall, 0, HEIGHT / 2, 2 * HALF, HEIGHT), WALL if wall in ("back", "front") else SIDE_WALL)
        for wall in ("back", "left", "right", "front")
    ]
    skirting = [
        (_pane(wall, 0, 0.05, 2 * HALF, 0.10), SKIRTING) for wall in ("back", "left", "right", "front")
    ]
    boards = [(_flat(x, 0, 0.2, HALF), BOARD) for x in np.arange(-HALF + 0.2, HALF, 0.8)]
    floor = [(_flat(0, 0, HALF, HALF), FLOOR), *boards, (_flat(0, 0, 1.5, 1.1), RUG)]
    panes = [(_pane(*shape), colour) for *shape, colour in PANES]
    return [(_flat(0, 0, HALF, HALF, HEIGHT), CEILING), *walls, *floor, *skirting, *panes]


def _pane(wall: str, along: float, up: float, width: float, height: float) -> ndarray:
    """A rectangle on a wall, [4, 3]."""
    turn = {"back": 0.0, "left": np.pi / 2, "front": np.pi, "right": -np.pi / 2}[wall]
    across, rise = width / 2 * np.array([-1, 1, 1, -1]), height / 2 * np.array([-1, -1, 1, 1])
    x, y, z = along + across, up + rise, np.full(4, -HALF)
    return np.stack([x * np.cos(turn) + z * np.sin(turn), y, z * np.cos(turn) - x * np.sin(turn)], -1)


def _flat(x: float, z: float, half_width: float, half_length: float, y: float = 0.0) -> ndarray:
    """A level rectangle, [4, 3]."""
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    return np.stack([x + half_width * signs[:, 0], np.full(4, y), z + half_length * signs[:, 1]], -1)


def _fill(image: ndarray, corners: ndarray, colour: tuple[int, int, int], camera: Camera) -> None:
    corners = _before_camera(corners, camera)
    if len(corners) < 3:
        return
    pixels, _ = camera.world_to_pixels(corners)
    opencv().fillConvexPoly(image, fixed_point(pixels), colour, LINE_TYPE, SUBPIXEL_BITS)


def _before_camera(corners: ndarray, camera: Camera) -> ndarray:
    """The part of a convex polygon that lies before the camera (Sutherland and Hodgman 1974)."""
    depth = camera.world_to_pixels(corners)[1] - NEAREST
    kept = []
    for i, (point, here) in enumerate(zip(corners, depth, strict=True)):
        before, there = corners[i - 1], depth[i - 1]
        if (here > 0) != (there > 0):
            kept.append(before + (point - before) * there / (there - here))
        if here > 0:
            kept.append(point)
    return np.array(kept)

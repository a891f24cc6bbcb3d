"""A window that shows the camera's picture and, beside it, the body as it is now."""

import os
import sys
from typing import Self

import numpy as np
from numpy import ndarray

from ..export.overlay import LEFT, RIGHT, TRUNK, draw_keypoints
from ..export.preview import BACKDROP, GRID
from ..export.render import Camera, draw_grid, opencv
from ..motion import Motion
from ..motion.skeleton import JOINT_NAMES, PARENTS

HEIGHT, WIDTH = 480, 400  # pixels of the body's half
_DISTANCE, _EYE, _MIDDLE = 5.0, 1.2, 0.95  # metres
_FIELD_OF_VIEW = 0.5  # radians
_FOLLOWING = 0.9  # how much of the last view's place stays
_TITLE = "vimo stream - q ends"


class LiveView:
    """Draws what is seen and what is imagined; the body is seen from the front by a camera that follows."""

    def __init__(self) -> None:
        if sys.platform.startswith("linux") and not (
            os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        ):
            raise ValueError("there is no screen to show the motion on; add --no-view")
        self._cv2 = opencv()
        self._figure = np.full((HEIGHT, WIDTH, 3), BACKDROP, np.uint8)
        self._middle: ndarray | None = None

    def show(self, picture: ndarray, points: ndarray, motion: Motion | None) -> bool:
        """Show a picture with its keypoints, and the last frame of the motion. False once q was pressed."""
        if motion is not None:
            joints = motion.frames(len(motion) - 1, len(motion)).joints()[0].numpy()
            self._middle = followed(self._middle, joints[0])
            self._figure = draw_body(joints, self._middle)
        both = beside(picture, points, self._figure)
        self._cv2.imshow(_TITLE, self._cv2.cvtColor(both, self._cv2.COLOR_RGB2BGR))
        return self._cv2.waitKey(1) & 0xFF != ord("q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._cv2.destroyAllWindows()


def followed(middle: ndarray | None, root: ndarray) -> ndarray:
    """Where the camera looks: it goes after the body, and stays at its own height."""
    there = np.array([root[0], _MIDDLE, root[2]])
    return there if middle is None else _FOLLOWING * middle + (1 - _FOLLOWING) * there


def draw_body(joints: ndarray, middle: ndarray) -> ndarray:
    """Bones on a floor, uint8 RGB [480, 400, 3]; joints: [24, 3] metres."""
    image = np.full((HEIGHT, WIDTH, 3), BACKDROP, np.uint8)
    eye = middle + np.array([0.0, _EYE - _MIDDLE, _DISTANCE])
    camera = Camera(eye, middle, _FIELD_OF_VIEW, WIDTH, HEIGHT)
    draw_grid(image, camera=camera, middle=middle, colour=np.array(GRID), reach=2.5)
    cv2, pixels = opencv(), camera.world_to_pixels(joints)[0].round().astype(int)
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            side = JOINT_NAMES[joint].partition("_")[0]
            colour = {"left": LEFT, "right": RIGHT}.get(side, tuple(channel // 2 for channel in TRUNK))
            cv2.line(image, pixels[parent].tolist(), pixels[joint].tolist(), colour, 7, cv2.LINE_AA)
    return image


def beside(picture: ndarray, points: ndarray, figure: ndarray) -> ndarray:
    """The picture with its keypoints, as high as the figure, and the figure."""
    cv2 = opencv()
    scale = len(figure) / len(picture)
    left = cv2.resize(picture, (round(picture.shape[1] * scale), len(figure)))
    draw_keypoints(left, points * np.array([scale, scale, 1.0]))
    return np.concatenate([left, figure], 1)

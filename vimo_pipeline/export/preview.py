"""A video to look at: what the camera saw with its keypoints, and beside it the motion that was found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy import ndarray

from ..keypoints.keypoints import Keypoints
from ..motion import Motion
from ..motion.body import Body, load_body, skin
from ..motion.skeleton import JOINT_NAMES
from ..video import write_video
from .overlay import draw_keypoints
from .render import Camera, Light, draw_grid, draw_mesh, draw_shadow, opencv

HEIGHT = 480  # pixels
WIDEST = 860  # of the video's half
FIGURE_WIDTHS = (480, 360, 300)  # of each figure when there are one, two, more
SHARPER = 2  # figures are drawn this many times larger, then shrunk
CHUNK = 32  # frames skinned at once

BACKDROP, GRID, NIGHT = (236, 236, 232), (176, 184, 184), (30, 36, 44)
# The viewer's colours, one a hypothesis (ui/components/viewer/src/palette.js).
TINTS = (
    (134, 184, 182), (224, 176, 143), (169, 163, 211), (217, 191, 130),
    (143, 177, 216), (211, 158, 172), (159, 193, 145), (189, 176, 162),
)  # fmt: skip
LIGHT = Light(direction=(0.5, 0.9, 0.6), lamp=0.58, sky=0.62, ground=0.42)

FOLLOWING = 0.6  # seconds over which the camera's movement is averaged
VISIBLE_HEIGHT, VISIBLE_WIDTH = 2.35, 1.9  # metres around the person that are always in the picture
FIELD_OF_VIEW = 0.5  # radians


def write_preview(
    path: str | Path,
    motions: Sequence[Motion],
    *,
    keypoints: Keypoints,
    frames: Iterable[ndarray] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Write an MP4 with the video on the left and every hypothesis on the right.

    frames: the uint8 RGB frames [H, W, 3] the keypoints were found in, of any size and at the motions' fps;
    without them the keypoints are drawn on a dark ground. One frame at a time is held in memory.
    `progress(done, total)` counts frames.

        write_preview("dance.preview.mp4", [motion], keypoints=keypoints, frames=read_frames("dance.mp4"))
    """
    if not motions:
        raise ValueError("a preview needs at least one motion, got none")
    if len({(len(motion), motion.fps) for motion in motions}) > 1:
        lengths = [(len(motion), motion.fps) for motion in motions]
        raise ValueError(f"motions of one preview must have the same frames and fps, got {lengths}")
    pictures = preview_frames(motions, keypoints=keypoints, frames=frames)
    if progress is not None:
        pictures = _counted(pictures, len(motions[0]), progress)
    write_video(path, pictures, fps=motions[0].fps)


def _counted(
    pictures: Iterator[ndarray], total: int, progress: Callable[[int, int], None]
) -> Iterator[ndarray]:
    for done, picture in enumerate(pictures, 1):
        yield picture
        progress(done, total)


def preview_frames(
    motions: Sequence[Motion], *, keypoints: Keypoints, frames: Iterable[ndarray] | None = None
) -> Iterator[ndarray]:
    """The pictures of a preview, uint8 RGB [480, W, 3], as many as the motions have frames."""
    width = FIGURE_WIDTHS[min(len(motions), len(FIGURE_WIDTHS)) - 1]
    figures = [
        draw_figure(motion, width=width, tint=TINTS[index % len(TINTS)])
        for index, motion in enumerate(motions)
    ]
    for views in zip(_video_half(keypoints, frames, count=len(motions[0])), *figures, strict=True):
        yield np.concatenate(views, 1)


def draw_figure(
    motion: Motion, *, width: int, height: int = HEIGHT, tint: tuple[int, int, int] = TINTS[0]
) -> Iterator[ndarray]:
    """A clay figure on a floor grid, seen from the front by a camera that follows it. uint8 RGB [H, W, 3]."""
    cv2 = opencv()
    body = load_body()
    look = _look_of(body, tint)
    backdrop = np.empty((height * SHARPER, width * SHARPER, 3), np.uint8)
    backdrop[:] = BACKDROP
    for vertices, middle in zip(_skinned(body, motion), _followed(motion), strict=True):
        camera = _front_camera(middle, width, height).scaled(SHARPER)
        image = backdrop.copy()
        draw_grid(image, camera=camera, middle=middle, colour=np.array(GRID), reach=3.5)
        draw_shadow(image, vertices, look.limbs, camera=camera, light=LIGHT)
        draw_mesh(image, vertices, look.faces, camera=camera, colours=look.colours, light=LIGHT)
        yield cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


@dataclass(frozen=True)
class _Look:
    faces: ndarray  # [F, 3]
    colours: ndarray  # [F, 3]
    limbs: list[ndarray]  # vertices of each part


def _look_of(body: Body, tint: tuple[int, int, int]) -> _Look:
    """Left limbs a little lighter and right limbs a little darker, so that sides can be told apart."""
    faces, parts = body.faces.numpy(), body.parts().numpy()
    toward = {"left": (np.array([255, 255, 255]), 0.30), "right": (np.array([16, 21, 28]), 0.28)}
    shades = np.tile(np.array(tint, float), (len(JOINT_NAMES), 1))
    for joint, name in enumerate(JOINT_NAMES):
        if not name.endswith("collar") and (side := name.partition("_")[0]) in toward:
            end, share = toward[side]
            shades[joint] += share * (end - shades[joint])
    limbs = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    return _Look(faces, shades[parts][faces].mean(1), limbs)


def _skinned(body: Body, motion: Motion) -> Iterator[ndarray]:
    for start in range(0, len(motion), CHUNK):
        yield from skin(body, motion.frames(start, min(start + CHUNK, len(motion)))).cpu().numpy()


def _followed(motion: Motion) -> ndarray:
    """What the camera looks at: the root, smoothed over time. [T, 3]."""
    root = motion.root.double().cpu().numpy()
    reach = max(1, round(2 * FOLLOWING * motion.fps))
    weights = np.hanning(2 * reach + 3)[1:-1]
    padded = np.pad(root, ((reach, reach), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(axis, weights / weights.sum(), mode="valid") for axis in padded.T], -1)
    smooth[:, 1] = 0.35 * smooth[:, 1] + 0.65 * 0.95  # up and down only as far as it must
    return smooth


def _front_camera(middle: ndarray, width: int, height: int) -> Camera:
    seen = max(VISIBLE_HEIGHT, VISIBLE_WIDTH * height / width)
    distance = seen / 2 / np.tan(FIELD_OF_VIEW / 2)
    away = np.array([0.0, 0.16 * distance, distance])
    return Camera(middle + away, middle, FIELD_OF_VIEW, width, height)


def _video_half(keypoints: Keypoints, frames: Iterable[ndarray] | None, *, count: int) -> Iterator[ndarray]:
    """Frames with their keypoints drawn in; the last one stays when there are fewer than `count`."""
    cv2 = opencv()
    scale = min(HEIGHT / keypoints.height, WIDEST / keypoints.width)
    width, height = (max(2, round(side * scale)) for side in (keypoints.width, keypoints.height))
    stretch = np.array([width / keypoints.width, height / keypoints.height, 1.0])
    ground = np.empty((height, width, 3), np.uint8)
    ground[:] = NIGHT
    pictures = iter(() if frames is None else frames)
    for index in range(count):
        frame = next(pictures, None)
        if frame is not None:
            ground = cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)
        picture = np.empty((HEIGHT, width + width % 2, 3), np.uint8)
        picture[:] = NIGHT
        top = (HEIGHT - height) // 2
        picture[top : top + height, :width] = ground
        points = keypoints.points[min(index, len(keypoints) - 1)]
        draw_keypoints(picture[top : top + height, :width], points * stretch)
        yield picture

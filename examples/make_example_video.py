"""Make `example.mp4` and `example_truth.npz`: a rendered person whose 3D and 2D truth are known exactly.

    python examples/make_example_video.py

Nobody's footage, nobody's motion: the dance, the clothes and the room are code. Running it again gives
the same truth.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from example_actor import Actor, dressed_actor
from example_motion import FRAMES_A_BEAT, example_motion
from example_room import draw_room
from numpy import ndarray

from vimo_pipeline.export.render import Camera, Light, draw_mesh, draw_shadow, opencv
from vimo_pipeline.keypoints.keypoints import COCO_NAMES
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.body import skin
from vimo_pipeline.motion.skeleton import joint_index

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1280, 720
SHARPER = 2  # drawn this many times larger, then shrunk
LIGHT = Light(direction=(0.5, 0.85, 0.75), lamp=0.50, sky=0.62, ground=0.44)
FLESH = 0.17  # metres: a joint this far below the surface still counts as seen


def main() -> None:
    """Write the video and its truth beside this file."""
    motion, actor = example_motion(), dressed_actor()
    vertices = skin(actor.body, motion).numpy()
    cameras = [hand_held_camera(frame) for frame in range(len(motion))]
    write_truth(
        FOLDER / "example_truth.npz", motion, cameras, keypoints=coco_truth(motion, vertices, actor, cameras)
    )
    write_h264(FOLDER / "example.mp4", render(actor, vertices, cameras), fps=motion.fps)


def hand_held_camera(frame: int) -> Camera:
    """A phone in two hands: it sways, breathes and comes slowly closer."""
    beat = frame / FRAMES_A_BEAT

    def sway(size: float, period: float, phase: float) -> float:
        return size * np.sin(2 * np.pi * beat / period + phase)

    position = [
        0.10 + sway(0.035, 6.1, 0.4) + sway(0.006, 1.7, 1.0),
        1.38 + sway(0.015, 3.9, 2.0),
        3.02 - 0.012 * beat,
    ]
    target = [0.07 + sway(0.030, 4.7, 1.1) + sway(0.006, 1.9, 2.2), 0.97 + sway(0.014, 5.3, 0.3), 0.0]
    zoom = np.deg2rad(46.0 - 0.16 * beat)
    return Camera(
        np.array(position), np.array(target), zoom, WIDTH, HEIGHT, roll=np.deg2rad(sway(0.7, 7.3, 0.9))
    )


def render(actor: Actor, vertices: ndarray, cameras: list[Camera]) -> Iterator[ndarray]:
    """The frames of the video, uint8 RGB [H, W, 3]."""
    cv2 = opencv()
    parts = actor.body.parts().numpy()
    limbs = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    for points, camera in zip(vertices, cameras, strict=True):
        large = camera.scaled(SHARPER)
        image = np.empty((large.height, large.width, 3), np.uint8)
        draw_room(image, camera=large)
        draw_shadow(image, points, limbs, camera=large, light=LIGHT)
        draw_mesh(image, actor.refine(points), actor.faces, camera=large, colours=actor.colours, light=LIGHT)
        yield cv2.resize(image, (camera.width, camera.height), interpolation=cv2.INTER_AREA)


def coco_truth(motion: Motion, vertices: ndarray, actor: Actor, cameras: list[Camera]) -> ndarray:
    """COCO-17 in pixels and whether seen, [T, 17, 3]: SMPL's joints for limbs, the skin for the face."""
    limbs = motion.joints().numpy()[:, [joint_index(name) for name in COCO_NAMES[5:]]]
    points = np.concatenate([vertices[:, actor.body.face_points.numpy()], limbs], 1)
    faces = actor.body.faces.numpy()
    rows = zip(points, vertices, cameras, strict=True)
    return np.stack([_seen_points(*row, faces) for row in rows]).astype(np.float32)


def _seen_points(points: ndarray, vertices: ndarray, camera: Camera, faces: ndarray) -> ndarray:
    """Project points and test each against every triangle before it, [N, 3] -> [N, 3]."""
    pixels, depth = camera.world_to_pixels(points)
    corners, far = (values[faces] for values in camera.world_to_pixels(vertices))
    a, b, c = corners.swapaxes(0, 1)
    whole = _cross(b - a, c - a)
    whole = np.where(np.abs(whole) < 1e-9, 1e-9, whole)
    here = pixels[:, None]
    areas = [_cross(b - here, c - here), _cross(c - here, a - here), _cross(a - here, b - here)]
    shares = np.stack(areas, -1) / whole[:, None]  # barycentric, [N, F, 3]
    nearer = (shares * far).sum(-1) < depth[:, None] - FLESH
    hidden = ((shares >= 0).all(-1) & nearer).any(1)
    return np.concatenate([pixels, ~hidden[:, None]], 1)


def _cross(a: ndarray, b: ndarray) -> ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def write_truth(path: Path, motion: Motion, cameras: list[Camera], *, keypoints: ndarray) -> None:
    """Everything that is known. `load_keypoints` reads the 2D part of this file as it is."""
    np.savez_compressed(
        path, rotations=motion.rotations.numpy(), root=motion.root.numpy(),
        contacts=motion.contacts.numpy().astype(np.uint8), joints=motion.joints().numpy(),
        keypoints=keypoints, fps=motion.fps, width=WIDTH, height=HEIGHT,
        camera_position=np.stack([camera.position for camera in cameras]),
        camera_target=np.stack([camera.target for camera in cameras]),
        camera_field_of_view=np.array([camera.field_of_view for camera in cameras]),
        camera_roll=np.array([camera.roll for camera in cameras]),
    )  # fmt: skip


def write_h264(path: Path, frames: Iterator[ndarray], *, fps: float) -> None:
    """A small file: slow search, no sound."""
    import imageio_ffmpeg

    writer = imageio_ffmpeg.write_frames(
        str(path), (WIDTH, HEIGHT), fps=fps, codec="libx264", quality=None, macro_block_size=2,
        output_params=["-crf", "27", "-preset", "veryslow", "-tune", "animation", "-threads", "1"],
    )  # fmt: skip
    writer.send(None)
    for frame in frames:
        writer.send(frame)
    writer.close()


if __name__ == "__main__":
    main()

"""Rendered people whose joints are known, as the default detector sees them.

Mocap clips are filmed by the virtual cameras that training uses, drawn with the dressed body of the example,
shown to mediapipe and cleaned as every capture is.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Generator, Tensor
from tqdm import tqdm

from vimo_pipeline.data.cameras import FOCAL_LENGTH, View, film
from vimo_pipeline.data.casual import Casual
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.export.render import Camera, Light, draw_mesh, draw_shadow, opencv
from vimo_pipeline.keypoints import Keypoints, clean
from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.keypoints.cleaning.tracking import follow_person
from vimo_pipeline.keypoints.estimating.mediapipe_pose import MediaPipePose
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.body import skin
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.whole_file import whole_file

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SIZE = 400  # pixels a side; mediapipe itself sees 256
SHARPER = 2  # drawn this many times larger, then shrunk
BEYOND = (150, 152, 148)  # what a camera outside the room sees past its walls
FPS = 30.0
# One shot a clip, held in every way; the picture's own edges are `FRAMINGS`.
FILMED = Casual(cut_share=0.0, following_share=0.6, panning_share=0.3, cropped_share=0.0)
FRAMINGS = (1.1, 1.9)  # metres at the person from the middle of a picture to its edges


class Sightings(NamedTuple):
    """N clips of T frames: what was seen and what was there."""

    raw: ndarray  # [N, T, 17, 3] pixels from the middle of the picture as the detector said it
    orientations: ndarray  # [N, T, 24, 3, 3] of the SMPL joints in the world
    positions: ndarray  # [N, T, 24, 3] metres
    eye: ndarray  # [N, T, 3] place of the camera
    world_to_camera: ndarray  # [N, T, 3, 3] rows x right, y up, z towards the camera
    focal_length: ndarray  # [N, T] pixels


def load_or_make(path: Path, data: Path, *, clips: int, frames: int, seed: int = 0) -> Sightings:
    """The sightings of a file, which is made first where it does not exist."""
    if not path.is_file():
        made = make_sightings(data, clips=clips, frames=frames, seed=seed)
        with whole_file(path) as partial:
            np.savez_compressed(partial, **made._asdict())
    with np.load(path, allow_pickle=False) as arrays:
        return Sightings(**arrays)


def view_of(seen: Sightings) -> View:
    """The true keypoints as the cameras had them; the edges of the picture are those that were drawn."""
    eye, world_to_camera, focal_length = map(torch.from_numpy, seen[3:])
    positions = torch.from_numpy(seen.positions)
    world = coco_from_joints(torch.from_numpy(seen.orientations), positions)
    metres = (world - eye[:, :, None]) @ world_to_camera.mT
    pixels = focal_length[..., None, None] * metres[..., :2] / -metres[..., 2:] * torch.tensor([1.0, -1.0])
    per_metre = focal_length / (positions[:, :, 0] - eye).norm(dim=-1)
    inside = (pixels.abs() < SIZE / 2).all(-1)
    return View(pixels, metres, per_metre, torch.zeros_like(focal_length).long(), world_to_camera, inside)


def cleaned(seen: Sightings) -> Tensor:
    """What is left of the raw keypoints after the cleaning of every capture, [N, T, 17, 3]."""
    middle = np.array([SIZE / 2, SIZE / 2, 0], np.float32)
    clips = [clean(Keypoints(points + middle, FPS, SIZE, SIZE)).points - middle for points in seen.raw]
    return torch.from_numpy(np.stack(clips))


def make_sightings(data: Path, *, clips: int, frames: int, seed: int) -> Sightings:
    """Film, draw and detect random spans of the training and validation motions."""
    generator = Generator().manual_seed(seed)
    motions = [clip.motion for split in ("train", "val") for clip in load_pack(data, "cmu", split=split)]
    spans = list(random_spans(motions, clips, frames, generator))
    root = torch.stack([span.root for span in spans])
    transforms = [joint_transforms(span.matrices(), span.root) for span in spans]
    orientations, positions = (torch.stack(part) for part in zip(*transforms, strict=True))
    view = film(positions, root, generator=generator, casual=FILMED)
    eye = positions[..., 0, :] - (view.metres[..., 0, None, :] @ view.world_to_camera)[..., 0, :]
    focal_length = focal_lengths(view, root, eye, generator)
    actor = DressedActor()
    seen = [
        observe(actor.pictures(*shot))
        for shot in tqdm(list(zip(spans, eye, view.world_to_camera, focal_length, strict=True)))
    ]
    truth = (orientations, positions, eye, view.world_to_camera, focal_length)
    return Sightings(np.stack(seen), *(part.numpy() for part in truth))


def random_spans(motions: list[Motion], clips: int, frames: int, generator: Generator) -> Iterator[Motion]:
    """Spans that start above the origin, so that the room is around them."""
    motions = [motion for motion in motions if len(motion) > frames]
    for index in torch.randint(len(motions), (clips,), generator=generator).tolist():
        start = int(torch.randint(len(motions[index]) - frames, (1,), generator=generator))
        span = motions[index].frames(start, start + frames)
        middle = span.root.mean(0) * torch.tensor([1.0, 0.0, 1.0])
        yield replace(span, root=span.root - middle)


def focal_lengths(view: View, root: Tensor, eye: Tensor, generator: Generator) -> Tensor:
    """Pixels, [N, T]: the zoom of the view in a picture that holds so many metres at the person."""
    least, most = FRAMINGS
    metres = least + (most - least) * torch.rand(len(root), 1, generator=generator)
    distance = (eye - root).norm(dim=-1)
    zoomed = view.pixels_per_metre * distance / FOCAL_LENGTH
    return SIZE / 2 / metres * distance.mean(1, keepdim=True) * zoomed / zoomed.mean(1, keepdim=True)


class DressedActor:
    """The example's body and room."""

    def __init__(self) -> None:
        sys.path.insert(0, str(EXAMPLES))
        from example_actor import dressed_actor
        from example_room import draw_room

        self.actor, self.draw_room = dressed_actor(), draw_room
        parts = self.actor.body.parts().numpy()
        self.limbs = [np.flatnonzero(parts == part) for part in np.unique(parts)]

    def pictures(
        self, motion: Motion, eye: Tensor, world_to_camera: Tensor, focal_length: Tensor
    ) -> Iterator[ndarray]:
        """Frames, uint8 [SIZE, SIZE, 3]."""
        bodies = skin(self.actor.body, motion).numpy()
        for vertices, *camera in zip(bodies, eye, world_to_camera, focal_length, strict=True):
            yield self.draw(vertices, as_camera(*camera).scaled(SHARPER))

    def draw(self, vertices: ndarray, camera: Camera) -> ndarray:
        """One frame, drawn large and shrunk."""
        cv2, light = opencv(), Light()
        image = np.full((camera.height, camera.width, 3), BEYOND, np.uint8)
        self.draw_room(image, camera=camera)
        draw_shadow(image, vertices, self.limbs, camera=camera, light=light)
        finer = self.actor.refine(vertices)
        draw_mesh(image, finer, self.actor.faces, camera=camera, colours=self.actor.colours, light=light)
        return cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def as_camera(eye: Tensor, world_to_camera: Tensor, focal_length: Tensor) -> Camera:
    """A camera of `film` for the renderer."""
    right, up, backward = world_to_camera.numpy().astype(float)
    place = eye.numpy().astype(float)
    field_of_view = 2 * np.arctan(SIZE / 2 / float(focal_length))
    return Camera(place, place - backward, field_of_view, SIZE, SIZE, roll=np.arctan2(right[1], up[1]))


def observe(pictures: Iterator[ndarray]) -> ndarray:
    """What mediapipe says of a clip, [T, 17, 3] from the middle of the picture."""
    with MediaPipePose() as pose:
        people = [pose.estimate(picture) for picture in pictures]
    raw = follow_person(people, None, fps=FPS, cuts=())
    return raw - np.array([SIZE / 2, SIZE / 2, 0], np.float32)

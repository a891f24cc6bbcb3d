"""What a pose detector does to exact keypoints: it is off, unsure, loses limbs, mixes up sides and people.

Errors are drawn in metres on the body, because a detector's error grows with the person in the image. What
can be measured on rendered people is (`benchmarks/detector_noise.py`, shown in docs/detector_noise.md): the
table of parts, what remembers, hidden limbs, exchanged legs. What needs furniture, other people and bad light
is a guess.
"""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..keypoints.keypoints import COCO_NAMES, MIRRORED
from .cameras import View
from .casual import TRAINING, Casual


class Part(NamedTuple):
    """How well a kind of keypoint is seen, after cleaning."""

    deviation: float  # metres on each axis where the detector is sure
    lasting: float  # share of that variance which stays through a clip
    sureness: float  # median of the logit of the confidence
    wavering: float  # deviation of the logit on its doubtful side
    tail: float  # deviation of the logarithm of how badly it fares in a clip
    hidden_sureness: float = 0.0  # the same behind the trunk
    hidden_wavering: float = 0.0


PARTS = {
    "nose": Part(0.027, 0.67, 8.9, 2.5, 0.80),
    "eye": Part(0.023, 0.68, 8.2, 2.1, 0.75),
    "ear": Part(0.017, 0.58, 7.9, 2.1, 0.44),
    "shoulder": Part(0.024, 0.50, 8.8, 2.0, 0.73),
    "elbow": Part(0.025, 0.35, 3.6, 2.5, 0.62, -1.8, 1.5),
    "wrist": Part(0.021, 0.36, 2.5, 2.5, 0.66, -2.2, 1.1),
    "hip": Part(0.023, 0.49, 7.3, 1.3, 0.38),
    "knee": Part(0.022, 0.30, 2.7, 1.9, 0.54),
    "ankle": Part(0.025, 0.12, 2.7, 1.8, 0.75),
}
FACE_SHARED = 0.8  # share of the variance of nose, eyes and ears that moves the whole face
MEMORY = 0.85  # correlation of an error from frame to frame, beside what is lasting
WAVERING_LASTING, WAVERING_MEMORY = 0.4, 0.93  # the same of the logit of the confidence
DOUBT_ERROR = 3.5  # a keypoint of confidence c is 1 + this (1 - c)^2 times as far off
HEADLESS_LOST = 0.7  # mediapipe seeks a person by the face: of clips, nobody is seen while it is cut off
UNSURE = 0.3  # below this confidence a keypoint is dropped, as `keypoints.clean` does
BRIDGED = 7  # frames: shorter gaps of a keypoint are filled by it

# Share of clips (the first two: of five seconds), shortest and longest duration in frames.
LEGS_EXCHANGED, BODY_EXCHANGED, OTHER_PERSON = (0.3, 1, 13), (0.02, 1, 8), (0.03, 5, 25)

_GROUPS = {
    "left arm": ("left_elbow", "left_wrist"),
    "right arm": ("right_elbow", "right_wrist"),
    "left leg": ("left_knee", "left_ankle"),
    "right leg": ("right_knee", "right_ankle"),
    "lower body": ("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
    "feet": ("left_ankle", "right_ankle"),
    "head": ("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    "everything": COCO_NAMES,
}
# group: (share of clips in which something stands before it, shortest and longest loss in frames)
_LOSSES = {
    "left arm": (0.08, 8, 50),
    "right arm": (0.08, 8, 50),
    "left leg": (0.08, 8, 50),
    "right leg": (0.08, 8, 50),
    "lower body": (0.06, 20, 300),
    "feet": (0.05, 10, 300),
    "head": (0.05, 8, 60),
    "everything": (0.12, 8, 35),
}

_BY_KEYPOINT = Part(*torch.tensor([PARTS[name.split("_")[-1]] for name in COCO_NAMES]).T)  # [17] each
_NOSE, *_FACE = (COCO_NAMES.index(name) for name in _GROUPS["head"])
_LEGS = [COCO_NAMES.index(name) for name in _GROUPS["left leg"] + _GROUPS["right leg"]]
_HIPS = [COCO_NAMES.index("left_hip"), COCO_NAMES.index("right_hip")]
_TRUNK_RADIUS = 0.16  # metres
_ARMS = [COCO_NAMES.index(f"{side}_{joint}") for joint in ("elbow", "wrist") for side in ("left", "right")]


def detect(view: View, *, generator: Generator, casual: Casual = TRAINING) -> Tensor:
    """Keypoints as a detector would report them, [B, T, 17, 3] in pixels with confidence, 0 where lost."""
    confidence = _confidence(hidden_by_trunk(view.metres), casual.noise_scale, generator)
    error = casual.noise_scale * _error(confidence, casual.hardest, generator)  # [B, T, 17, 2] metres
    pixels = view.pixels + error * view.pixels_per_metre[..., None, None]
    kept = _framed(view.inside, generator) & _kept(view.shots, casual.loss_scale, generator)
    points = torch.cat([pixels, (confidence * kept)[..., None]], -1)
    points = _exchange_sides(points, casual.noise_scale, generator)
    return _follow_another(points, view, casual.loss_scale, generator)


def hidden_by_trunk(metres: Tensor) -> Tensor:
    """Elbows and wrists behind the trunk as the camera sees it. [B, T, 17, 3] camera axes -> [B, T, 17]."""
    shoulders, hips = (
        metres[..., [COCO_NAMES.index(f"left_{joint}"), COCO_NAMES.index(f"right_{joint}")], :].mean(-2)
        for joint in ("shoulder", "hip")
    )
    axis = shoulders - hips  # [B, T, 3]
    arms = metres[..., _ARMS, :] - hips[..., None, :]
    squared_length = axis[..., None, :2].square().sum(-1).clamp(min=1e-4)
    along = (arms[..., :2] * axis[..., None, :2]).sum(-1) / squared_length  # [B, T, arms]
    off_axis = arms - along.clamp(0, 1)[..., None] * axis[..., None, :]
    hidden = torch.zeros(metres.shape[:-1], dtype=torch.bool)
    hidden[..., _ARMS] = (off_axis[..., :2].norm(dim=-1) < _TRUNK_RADIUS) & (off_axis[..., 2] < -0.08)
    return hidden


def _confidence(hidden: Tensor, scale: float, generator: Generator) -> Tensor:
    """Honest about what is hidden, now and then in doubt without a reason; 0 where lost. [B, T, 17]."""
    part = _BY_KEYPOINT
    wavering = min(scale, 1.0) * remembered(hidden.shape, WAVERING_LASTING, WAVERING_MEMORY, generator)
    seen = part.sureness + part.wavering * wavering
    behind = part.hidden_sureness + part.hidden_wavering * wavering
    confidence = torch.where(hidden, behind, seen).sigmoid()
    return confidence.clamp(min=UNSURE / 2) * _bridged(confidence > UNSURE)


def _error(confidence: Tensor, hardest: float, generator: Generator) -> Tensor:
    """Metres right and down, [B, T, 17, 2]."""
    batch, frames = confidence.shape[:2]
    drawn = remembered((batch, frames, 17, 2), _BY_KEYPOINT.lasting[:, None], MEMORY, generator)
    drawn[..., _FACE, :] *= (1 - FACE_SHARED) ** 0.5
    drawn[..., _FACE, :] += FACE_SHARED**0.5 * drawn[..., [_NOSE], :]
    tail = _BY_KEYPOINT.tail
    fares = (tail * torch.randn(batch, 1, 17, generator=generator) - tail.square()).exp()  # mean square 1
    fares[..., _FACE] = fares[..., [_NOSE]]
    quality = hardest ** torch.rand(batch, 1, 1, generator=generator)
    doubt = 1 + DOUBT_ERROR * (1 - confidence.clamp(min=UNSURE)).square()
    return (quality * fares * doubt * _BY_KEYPOINT.deviation)[..., None] * drawn


def remembered(
    shape: tuple[int, ...], lasting: float | Tensor, memory: float, generator: Generator
) -> Tensor:
    """Normal numbers [B, T, ...]: a `lasting` share of the variance stays, the rest fades by `memory`."""
    constant = torch.randn(shape[0], 1, *shape[2:], generator=generator)
    white = torch.randn(shape, generator=generator)
    ages = torch.arange(shape[1])[:, None] - torch.arange(shape[1])
    kernel = torch.where(ages >= 0, memory ** ages.clamp(min=0).float(), 0.0)  # [T, T]
    kernel = kernel / kernel.square().sum(1, keepdim=True).sqrt()
    changing = (kernel @ white.flatten(2)).view(shape)
    return lasting**0.5 * constant + (1 - lasting) ** 0.5 * changing


def _bridged(seen: Tensor) -> Tensor:
    """With every gap filled that is short and has two ends. [B, T, ...]"""
    lost = torch.nn.functional.pad(~seen, (0, 0, BRIDGED, BRIDGED), value=True)
    starts = lost.unfold(1, BRIDGED + 1, 1).all(-1)  # [B, T + BRIDGED, ...] of gaps that are too long
    return ~starts.unfold(1, BRIDGED + 1, 1).any(-1)


def _framed(inside: Tensor, generator: Generator) -> Tensor:
    """False outside of the picture, and for the whole person where the face is. [B, T, 17]."""
    headless = ~inside[..., _NOSE] & (torch.rand(len(inside), 1, generator=generator) < HEADLESS_LOST)
    return inside & ~headless[..., None]


def _kept(shots: Tensor, scale: float, generator: Generator) -> Tensor:
    """False where a limb, the whole person or the frames around a cut are lost. [B, T, 17]."""
    batch, frames = shots.shape
    kept = torch.ones(batch, frames, 17, dtype=torch.bool)
    for group, (share, *lengths) in _LOSSES.items():
        members = [COCO_NAMES.index(name) for name in _GROUPS[group]]
        lost = random_spans(batch, frames, scale * share, tuple(lengths), generator)
        kept[..., members] &= ~lost[..., None]
    after_cut = torch.nn.functional.pad(shots.diff(dim=1) != 0, (1, 0))
    for _ in range(2):
        after_cut = after_cut | torch.nn.functional.pad(after_cut[:, :-1], (1, 0))
    return kept & ~after_cut[..., None]


def _exchange_sides(points: Tensor, scale: float, generator: Generator) -> Tensor:
    """Left and right exchanged for the few frames that cleaning left: of the legs or of the whole body."""
    batch, frames = points.shape[:2]
    for members, (share, *lengths) in ((_LEGS, LEGS_EXCHANGED), (range(17), BODY_EXCHANGED)):
        among = torch.zeros(17, 1, dtype=torch.bool)
        among[list(members)] = True
        exchanged = random_spans(batch, frames, scale * share * frames / 150, tuple(lengths), generator)
        points = torch.where(exchanged[..., None, None] & among, points[..., MIRRORED, :], points)
    return points


def _follow_another(points: Tensor, view: View, scale: float, generator: Generator) -> Tensor:
    """Somebody near by, as surely seen, instead of the person: the next clip of the batch half its length
    later. Cleaning drops who stands further away or is of another size."""
    batch, frames = points.shape[:2]
    share, *lengths = OTHER_PERSON
    wrong = random_spans(batch, frames, scale * share, tuple(lengths), generator)
    place, size = torch.randn(2, batch, 1, 1, 2, generator=generator)
    here = view.pixels[..., _HIPS, :].mean(-2, keepdim=True)  # [B, T, 1, 2]
    per_metre = view.pixels_per_metre[..., None, None]
    other, there, other_per_metre = (x.roll((1, frames // 2), (0, 1)) for x in (points, here, per_metre))
    resized = (0.15 * size[..., :1]).exp() * per_metre / other_per_metre
    pixels = here + 0.3 * per_metre * place + resized * (other[..., :2] - there)
    return torch.where(wrong[..., None, None], torch.cat([pixels, other[..., 2:]], -1), points)


def random_spans(
    batch: int, frames: int, share: float, lengths: tuple[int, int], generator: Generator
) -> Tensor:
    """One random span in a share of the clips, [B, T] True inside it."""
    chosen = torch.rand(batch, 1, generator=generator) < share
    length = torch.randint(lengths[0], lengths[1] + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (frames + length)).long() - length
    time = torch.arange(frames)
    return chosen & (time >= start) & (time < start + length)

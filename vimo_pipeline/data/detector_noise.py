"""What a pose detector does to exact keypoints: it is off, unsure, loses limbs and mixes up the sides.

Errors are drawn in metres on the body, because a detector's error grows with the person in the image.
"""

import torch
from torch import Generator, Tensor

from ..keypoints.keypoints import COCO_NAMES, MIRRORED
from .cameras import View
from .casual import TRAINING, Casual

# Typical error of each keypoint, metres at the body: somewhat above what mediapipe 0.10.21 is off by on
# rendered people (0.012 lasting and 0.011 changing, remembering 0.85 of it from frame to frame), as real
# video is harder.
_DEVIATION = {
    "nose": 0.012, "eye": 0.012, "ear": 0.016, "shoulder": 0.018, "elbow": 0.022, "wrist": 0.026,
    "hip": 0.020, "knee": 0.022, "ankle": 0.026,
}  # fmt: skip
_LASTING = 0.6  # share of the variance that stays for the whole clip or changes slowly
_MEMORY = 0.85  # correlation of the changing error from frame to frame
_UNSURE = 0.3  # below this confidence a keypoint is dropped, as `keypoints.clean` does

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
# group: (share of clips in which it is lost for a while, shortest and longest loss in frames)
_LOSSES = {
    "left arm": (0.12, 4, 50),
    "right arm": (0.12, 4, 50),
    "left leg": (0.08, 4, 50),
    "right leg": (0.08, 4, 50),
    "lower body": (0.06, 20, 300),
    "feet": (0.06, 10, 300),
    "head": (0.05, 4, 60),
    "everything": (0.12, 3, 35),
}
_FLIP_SHARE = 0.04

# Arms behind the trunk. mediapipe's visibility of a wrist is below 0.3 in a third of rendered frames.
_TRUNK_RADIUS = 0.16
_HIDDEN_LOST = 0.75  # share of hidden limbs that are given up, the rest are guessed
_HIDDEN_ERROR = 2.5  # times as far off as seen ones
_ARMS = [COCO_NAMES.index(f"{side}_{joint}") for joint in ("elbow", "wrist") for side in ("left", "right")]


def detect(view: View, *, generator: Generator, casual: Casual = TRAINING) -> Tensor:
    """Keypoints as a detector would report them, [B, T, 17, 3] in pixels with confidence, 0 where lost."""
    batch, frames = view.shots.shape
    hidden = hidden_by_trunk(view.metres)
    error = casual.noise_scale * _error(batch, frames, generator)  # [B, T, 17, 2] metres
    error = torch.where(hidden[..., None], _HIDDEN_ERROR * error, error)
    pixels = view.pixels + error * view.pixels_per_metre[..., None, None]
    lost = hidden & (torch.rand(batch, 1, 17, generator=generator) < _HIDDEN_LOST)
    kept = view.inside & ~lost & _kept(view.shots, casual.loss_scale, generator)
    confidence = _confidence(error, generator) * kept
    points = torch.cat([pixels, confidence[..., None]], -1)
    return _flip_sides(points, casual.loss_scale, generator)


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


def _error(batch: int, frames: int, generator: Generator) -> Tensor:
    quality = torch.empty(batch, 1, 1, 1).uniform_(-1.2, 0.5, generator=generator).exp()
    lasting = torch.randn(batch, 1, 17, 2, generator=generator)
    changing = _autoregressive(batch, frames, generator)
    heavy = 1 + 2 * (torch.rand(batch, frames, 17, 1, generator=generator) < 0.02)  # now and then, far off
    mixed = _LASTING**0.5 * lasting + (1 - _LASTING) ** 0.5 * changing * heavy
    deviation = torch.tensor([_DEVIATION[name.split("_")[-1]] for name in COCO_NAMES])
    return mixed * quality * deviation[:, None]


def _autoregressive(batch: int, frames: int, generator: Generator) -> Tensor:
    """Errors that remember the last frame, deviation 1, [B, T, 17, 2]: a white one, filtered."""
    white = torch.randn(batch, frames, 17, 2, generator=generator)
    ages = torch.arange(frames)[:, None] - torch.arange(frames)
    kernel = torch.where(ages >= 0, _MEMORY ** ages.clamp(min=0).float(), 0.0)  # [T, T]
    kernel = kernel / kernel.square().sum(1, keepdim=True).sqrt()
    return torch.einsum("ts,bsjc->btjc", kernel, white)


def _confidence(error: Tensor, generator: Generator) -> Tensor:
    """Honest but noisy: 1 for an exact point, falling with the error; dropped when too low. [B, T, 17]."""
    noise = 0.04 * torch.randn(error.shape[:-1], generator=generator)
    confidence = (1.0 - error.norm(dim=-1) / 0.2 + noise).clamp(0, 1)
    return confidence * (confidence > _UNSURE)


def _kept(shots: Tensor, scale: float, generator: Generator) -> Tensor:
    """False where a limb, the whole person or the frames around a cut are lost. [B, T, 17]."""
    batch, frames = shots.shape
    kept = torch.ones(batch, frames, 17, dtype=torch.bool)
    for group, (share, shortest, longest) in _LOSSES.items():
        members = [COCO_NAMES.index(name) for name in _GROUPS[group]]
        lost = random_spans(batch, frames, scale * share, (shortest, longest), generator)
        kept[..., members] &= ~lost[..., None]
    after_cut = torch.nn.functional.pad(shots.diff(dim=1) != 0, (1, 0))
    for _ in range(2):
        after_cut = after_cut | torch.nn.functional.pad(after_cut[:, :-1], (1, 0))
    return kept & ~after_cut[..., None]


def _flip_sides(points: Tensor, scale: float, generator: Generator) -> Tensor:
    """Left and right exchanged for the few frames that cleaning did not notice."""
    flipped = random_spans(*points.shape[:2], scale * _FLIP_SHARE, (1, 5), generator)
    return torch.where(flipped[..., None, None], points[..., MIRRORED, :], points)


def random_spans(
    batch: int, frames: int, share: float, lengths: tuple[int, int], generator: Generator
) -> Tensor:
    """One random span in a share of the clips, [B, T] True inside it."""
    chosen = torch.rand(batch, 1, generator=generator) < share
    length = torch.randint(lengths[0], lengths[1] + 1, (batch, 1), generator=generator)
    start = (torch.rand(batch, 1, generator=generator) * (frames + length)).long() - length
    time = torch.arange(frames)
    return chosen & (time >= start) & (time < start + length)

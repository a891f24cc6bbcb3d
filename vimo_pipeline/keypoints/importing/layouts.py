"""Other programs' keypoints in COCO-17 order, told apart by anatomy and never by their number alone."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from ..cleaning.body_size import spread
from ..keypoints import NUM_KEYPOINTS

# Index of every COCO-17 keypoint in OpenPose's layouts (github.com/CMU-Perceptual-Computing-Lab/openpose,
# doc/02_output.md; BODY_25B: openpose_train, experimental models).
COCO_FROM = {
    "BODY_25": (0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11),
    "BODY_25B": tuple(range(NUM_KEYPOINTS)),
    "COCO_18": (0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10),
}
OPENPOSE_LAYOUTS = tuple(COCO_FROM)
BELIEVABLE = 0.25  # body sizes between a joint and the middle of the two that it belongs between


def to_coco(people: ndarray, layout: str) -> ndarray:
    """[P, N, 3] in an OpenPose layout to COCO-17, [P, 17, 3]."""
    if layout not in COCO_FROM:
        raise ValueError(f"unknown layout {layout!r}; use one of {OPENPOSE_LAYOUTS}")
    return people[:, COCO_FROM[layout]]


def guess_openpose_layout(people: Sequence[ndarray], source: object) -> str:
    """The layout of [P, N, 3] arrays of one recording. 25 keypoints are BODY_25, where the neck lies
    between the shoulders and the middle hip between the hips, or BODY_25B, whose neck is elsewhere; a doubt
    is an error."""
    count = people[0].shape[1]
    if count == 18:
        return "COCO_18"
    if count != 25:
        raise ValueError(
            f"{source} holds {count} keypoints a person; OpenPose writes 25 (BODY_25, BODY_25B) or 18 (COCO)"
        )
    everyone = np.concatenate(people)
    body_25 = np.fmax(_off_middle(everyone, 1, 2, 5), _off_middle(everyone, 8, 9, 12))  # NaN: not seen
    body_25b = _off_middle(everyone, 17, 5, 6)
    if body_25 < BELIEVABLE and not body_25b < BELIEVABLE:
        return "BODY_25"
    if body_25b < BELIEVABLE and not body_25 < BELIEVABLE:
        return "BODY_25B"
    raise ValueError(
        f"{source} holds 25 keypoints a person that could be BODY_25 or BODY_25B; say which with layout="
    )


def refuse_h36m(points: ndarray, source: object) -> None:
    """Human3.6M also has 17 joints. Its joint 0 is the pelvis, between the hips 1 and 4, and 8 the thorax,
    between the shoulders 11 and 14; in COCO-17 these are the nose between an eye and an ear and the right
    elbow."""
    pelvis, thorax = _off_middle(points, 0, 1, 4), _off_middle(points, 8, 11, 14)
    head = np.median(_longest_distance(points[..., :5, :])) if len(points) else 0.0
    if pelvis < BELIEVABLE and thorax < BELIEVABLE and head > 1.0:
        raise ValueError(
            f"{source} looks like Human3.6M's 17 joints (pelvis first), not COCO-17 (nose, eyes, ears "
            "first); convert it to COCO-17 order"
        )


def _off_middle(people: ndarray, joint: int, left: int, right: int) -> float:
    """Median distance of a joint from the middle of two others, in body sizes; NaN where never all three
    are seen."""
    three = people[..., [joint, left, right], :]
    seen = (three[..., 2] > 0).all(-1)
    if not seen.any():
        return float("nan")
    off = three[seen, 0, :2] - three[seen, 1:, :2].mean(-2)
    return float(np.median(np.linalg.norm(off, axis=-1) / spread(people[seen])))


def _longest_distance(points: ndarray) -> ndarray:
    """Between any two seen points of each frame, in body sizes of the whole: [T, N, 3] to [T]."""
    between = np.linalg.norm(points[:, :, None, :2] - points[:, None, :, :2], axis=-1)
    seen = points[..., 2] > 0
    return (between * (seen[:, :, None] & seen[:, None])).max((1, 2)) / spread(points)

"""What the camera saw: COCO-17 keypoints of one person, from videos and from other programs' files."""

from .detect import keypoints_from_video
from .estimators import PoseEstimator, get_estimator
from .keypoints import COCO_NAMES, Keypoints
from .load import load_keypoints
from .normalise import normalise
from .npz import load_npz

__all__ = [
    "COCO_NAMES",
    "Keypoints",
    "PoseEstimator",
    "get_estimator",
    "keypoints_from_video",
    "load_keypoints",
    "load_npz",
    "normalise",
]

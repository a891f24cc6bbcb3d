"""What the camera saw: COCO-17 keypoints of one person, from videos and from other programs' files."""

from .cleaning.clean import clean
from .cleaning.tracking import Person
from .detect import coverage, keypoints_from_video
from .estimating.estimators import PoseEstimator, get_estimator
from .fusion import fuse_views
from .importing.alphapose import load_alphapose
from .importing.npz import load_npz
from .importing.openpose import load_openpose
from .keypoints import COCO_NAMES, Keypoints
from .load import find_people, load_keypoints
from .normalise import normalise
from .resampling import resample_keypoints

__all__ = [
    "COCO_NAMES",
    "Keypoints",
    "Person",
    "PoseEstimator",
    "clean",
    "coverage",
    "find_people",
    "fuse_views",
    "get_estimator",
    "keypoints_from_video",
    "load_alphapose",
    "load_keypoints",
    "load_npz",
    "load_openpose",
    "normalise",
    "resample_keypoints",
]

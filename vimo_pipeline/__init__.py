"""ViMo: a casual video in, several plausible, editable 3D motions out."""

from .export import load_motion, save_motion
from .keypoints import Keypoints
from .motion import Mask, Motion
from .pipelines import ViMoCompletionPipeline, ViMoPipeline, ViMoStream

__all__ = [
    "Keypoints",
    "Mask",
    "Motion",
    "ViMoCompletionPipeline",
    "ViMoPipeline",
    "ViMoStream",
    "load_motion",
    "save_motion",
]
__version__ = "0.1.0"

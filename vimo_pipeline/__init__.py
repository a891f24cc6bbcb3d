"""ViMo: a casual video in, several plausible, editable 3D motions out."""

from .export import load_motion, save_motion
from .keypoints import Keypoints
from .motion import Motion
from .pipelines import ViMoPipeline

__all__ = ["Keypoints", "Motion", "ViMoPipeline", "load_motion", "save_motion"]
__version__ = "0.1.0"

"""What has weights: the denoiser and the motion normaliser."""

from .normaliser import MotionNormaliser
from .transformer import ViMoTransformer

__all__ = ["MotionNormaliser", "ViMoTransformer"]

"""What has weights: the denoiser, the delta-interpolator and the motion normaliser."""

from .delta_interpolator import DeltaInterpolator
from .normaliser import MotionNormaliser
from .transformer import ViMoTransformer

__all__ = ["DeltaInterpolator", "MotionNormaliser", "ViMoTransformer"]

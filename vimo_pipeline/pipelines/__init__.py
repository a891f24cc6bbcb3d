"""One file a promise: video to motion."""

from .vimo import ViMoPipeline, ViMoPipelineOutput

__all__ = ["ViMoPipeline", "ViMoPipelineOutput"]

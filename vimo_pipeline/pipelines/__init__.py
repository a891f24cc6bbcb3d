"""One file a promise: video to motion, and completion of motions."""

from .completion import ViMoCompletionPipeline, ViMoCompletionPipelineOutput
from .constraints import Reach
from .vimo import ViMoPipeline, ViMoPipelineOutput

__all__ = [
    "Reach",
    "ViMoCompletionPipeline",
    "ViMoCompletionPipelineOutput",
    "ViMoPipeline",
    "ViMoPipelineOutput",
]

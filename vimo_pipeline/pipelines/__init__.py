"""One file a promise: video to motion, whole and live, completion of motions, and style transfer."""

from .completion import ViMoCompletionPipeline, ViMoCompletionPipelineOutput
from .constraints import Reach
from .stream import ViMoStream
from .stylise import ViMoStylisePipeline, ViMoStylisePipelineOutput
from .vimo import ViMoPipeline, ViMoPipelineOutput

__all__ = [
    "Reach",
    "ViMoCompletionPipeline",
    "ViMoCompletionPipelineOutput",
    "ViMoPipeline",
    "ViMoPipelineOutput",
    "ViMoStream",
    "ViMoStylisePipeline",
    "ViMoStylisePipelineOutput",
]

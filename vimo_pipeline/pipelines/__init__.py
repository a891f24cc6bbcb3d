"""One file a promise: video to motion, whole and live, completion of motions, style from one to another."""

from .completing.constraints import Reach
from .completion import ViMoCompletionPipeline, ViMoCompletionPipelineOutput
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

"""Config, loop, checkpoints and validation of training runs."""

from .config import TrainConfig
from .loop import train

__all__ = ["TrainConfig", "train"]

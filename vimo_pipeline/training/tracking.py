"""Where the figures of a run go: tensorboard, or any other tracker that accelerate knows."""

from dataclasses import asdict

from accelerate import Accelerator
from accelerate.tracking import get_available_trackers
from accelerate.utils import LoggerType

from .config import TrainConfig

_PACKAGES = {"comet_ml": "comet-ml"}  # where the package is not called as the tracker


def check_tracker(name: str) -> str | None:
    """The name as accelerate wants it; ValueError for an unknown one, ImportError for one not installed."""
    known = [tracker.value for tracker in LoggerType if tracker != LoggerType.ALL]
    if name == "none":
        return None
    if name not in known:
        raise ValueError(f"tracker {name!r} is unknown; choose none or one of: {', '.join(known)}")
    if LoggerType(name) not in get_available_trackers():
        # accelerate would leave it out without a word
        raise ImportError(f"the tracker {name} is not installed: pip install {_PACKAGES.get(name, name)}")
    return name


def start_tracker(accelerator: Accelerator, config: TrainConfig) -> None:
    """Open the tracker and tell it the config. Tensorboard takes the name for a folder in `output`."""
    name = "logs" if config.tracker == "tensorboard" else "vimo-pipeline"
    accelerator.init_trackers(name, config={key: str(value) for key, value in asdict(config).items()})

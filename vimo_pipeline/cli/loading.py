"""The pipeline that a command asked for."""

from typing import TypeVar

from diffusers.utils.logging import disable_progress_bar

from ..pipelines.device import choose_device
from ..pipelines.vimo import ViMoPipeline

Pipeline = TypeVar("Pipeline", bound=ViMoPipeline)


def load_quietly(kind: type[Pipeline], model: str | None, *, device: str) -> Pipeline:
    """A pipeline on its device, without bars: three small files load at once, and stages have bars of ours.

    model: folder or Hub id; None for the weights in this package.
    """
    where = choose_device(device)
    disable_progress_bar()
    pipe = kind.from_pretrained(model) if model else kind.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    return pipe.to(where)

"""A pipeline that tells the page after every denoising step how far it is."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ...pipelines.vimo import ViMoPipeline

Pipe = TypeVar("Pipe", bound=ViMoPipeline)


def told_steps(kind: type[Pipe], pipe: ViMoPipeline, tell: Callable[[float], None]) -> Pipe:
    """The parts of a pipeline as one of another kind. tell: is given the share done, in [0, 1]."""

    class Told(kind):
        def progress_bar(self, steps: Iterable) -> Iterator:
            for done, step in enumerate(steps):
                tell(done / len(steps))
                yield step

    options = {name: value for name, value in pipe.config.items() if name in ("fps", "overlap", "window")}
    return Told(**pipe.components, **options)

"""`Lender`: the pipeline for as long as it samples, with the GPU that a ZeroGPU Space lends for just that.

There what samples runs in another process, and not for long; finding a person and drawing a preview are left
to the CPU. What goes in and what comes out is pickled on the way. Anywhere else a call is a call.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .cancelling import Cancelled
from .serving import on_gpu

if TYPE_CHECKING:
    from ...pipelines.vimo import ViMoPipeline

Made = TypeVar("Made")


class Lender:
    """Runs functions of modules with a pipeline. One a page: on ZeroGPU each has a process of its own."""

    def __init__(self, get_pipe: "Callable[[], ViMoPipeline]") -> None:
        def run(work: Callable, *args: Any, **options: Any) -> tuple[Any, Exception | None]:
            try:
                return work(get_pipe(), *args, **options), None
            except (ValueError, FileNotFoundError, Cancelled) as error:
                return None, error  # of an error that is raised there, only the name would come back

        self._get_pipe, self._run = get_pipe, on_gpu(run)

    @property
    def fps(self) -> float:
        """Frames a second of the pipeline's motions."""
        return self._get_pipe().config.fps

    def run(self, work: "Callable[..., Made]", *args: Any, **options: Any) -> Made:
        """What a function of a module makes of the pipeline and these."""
        made, error = self._run(work, *args, **options)
        if error:
            raise error
        return made

    def __call__(self, **options: Any) -> Any:
        """As the pipeline itself."""
        return self.run(_call, **options)


def _call(pipe: "ViMoPipeline", **options: Any) -> Any:
    return pipe(**options)

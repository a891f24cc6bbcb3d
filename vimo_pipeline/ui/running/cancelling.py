"""Cancel: the work stops at its next step.

Gradio's own `cancels` frees the page and lets a running function go on to its end; so the work asks, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gradio as gr


class Cancelled(Exception):  # noqa: N818  not an error: somebody asked for it
    """The person on the page wants no result any more."""


@dataclass(frozen=True)
class Telling:
    """Passes on how far a run is, and stops it once that is wished. Goes along to a ZeroGPU's own process."""

    wish: Path  # this file appears when the run is to stop
    progress: gr.Progress
    stages: dict[str, str]  # name of a stage -> what the page says

    def __call__(self, stage: str, share: float) -> None:
        """share: how much of the stage is done, in [0, 1]. Raises `Cancelled`."""
        if self.wish.exists():
            raise Cancelled
        self.progress(min(share, 1.0), desc=self.stages.get(stage, stage))


class Cancelling:
    """Which sessions run one endpoint, and how they are told to stop."""

    def __init__(self) -> None:
        self._running: dict[str | None, Path] = {}

    def ask(self, request: gr.Request) -> None:
        """Stop what this session runs, if it runs anything."""
        wish = self._running.get(request.session_hash)
        if wish and wish.parent.is_dir():
            wish.touch()

    @contextmanager
    def watched(self, request: gr.Request | None, folder: Path) -> Iterator[Path]:
        """Gives the path of a file that appears in the folder once the session has asked."""
        session = request.session_hash if request else None
        self._running[session] = wish = folder / "cancelled"
        try:
            yield wish
        finally:
            self._running.pop(session, None)

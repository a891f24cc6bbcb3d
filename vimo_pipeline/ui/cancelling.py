"""Cancel: the button, and the work that stops at its next step.

Gradio's own `cancels` frees the page and lets a running function go on to its end; so the work asks, too.
"""

from collections.abc import Callable, Iterator, Sequence
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


class RunButton:
    """A button and, in its place for as long as what it started goes on, another that cancels it.

    They change places in the browser: it runs what a click starts one after another, so that a function of
    the server would have its turn when all is over.
    """

    def __init__(self, label: str, *, elem_id: str) -> None:
        self._box = f"{elem_id}-box"
        with gr.Column(elem_id=self._box, elem_classes="vimo-run"):
            self.button = gr.Button(label, variant="primary", size="lg", elem_id=elem_id)
            self.cancel = gr.Button(
                "Cancel", variant="stop", size="lg", elem_id=f"{elem_id}-cancel", elem_classes="vimo-cancel"
            )

    def begin(self, *triggers: Callable, show: str) -> None:
        """Become a cancel button and bring what is shown into view; to be called before what is started.

        triggers: as `button.click`; show: id of an element.
        """
        look = f"{show!r}).scrollIntoView({{ behavior: 'smooth', block: 'nearest' }})"
        for trigger in triggers:
            trigger(js=self._busy("true", f"document.getElementById({look};"), api_visibility="private")

    def end(self, events: Sequence, stops: Cancelling) -> None:
        """Become a run button again when one of the events is over or cancelled."""
        rest = {"js": self._busy("false"), "api_visibility": "private"}
        for event in events:
            event.success(**rest)
            event.failure(**rest)  # what `then` starts in the browser waits for a success
        self.cancel.click(**rest)
        self.cancel.click(stops.ask, queue=False, show_progress="hidden", api_visibility="private")
        self.cancel.click(None, cancels=list(events), api_visibility="private")

    def _busy(self, on: str, then: str = "") -> str:
        return f"() => {{ document.getElementById('{self._box}').dataset.busy = {on}; {then} }}"

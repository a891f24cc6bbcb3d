"""`RunButton`: what starts the work of a tab, and cancels it."""

from collections.abc import Callable, Sequence

import gradio as gr

from ..running.cancelling import Cancelling


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

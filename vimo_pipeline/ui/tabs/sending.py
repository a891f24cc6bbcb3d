"""`Sender`: a motion of one tab goes on to another."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class Sender:
    """What sends a motion that a viewer shows to other tabs."""

    buttons: dict[str, gr.Button]  # name of the other tab -> its button
    inputs: list[gr.components.Component]  # the viewer, and where there are hypotheses, which one

    @staticmethod
    def chosen(shown: list[str], number: int | None = None) -> str:
        """The file of a hypothesis. shown: the viewer's files; number: which, from 0."""
        motions = motions_of(shown)
        return motions[min(number or 0, len(motions) - 1)]


def motions_of(shown: list[str]) -> list[str]:
    """The files of a viewer that are figures."""
    return [path for path in shown if path.endswith(".glb")]


def send_buttons(targets: Sequence[str], *, prefix: str) -> dict[str, gr.Button]:
    """A button for each tab that a motion can go to. prefix: of their ids, as in `send-complete`."""
    return {
        name: gr.Button(f"Send to {name}", size="md", elem_id=f"{prefix}-{name.lower()}") for name in targets
    }

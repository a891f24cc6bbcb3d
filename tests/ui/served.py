"""The page on this machine, for as long as a test looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr


@contextmanager
def served(app: "gr.Blocks", **options: Any) -> Iterator[str]:
    """The address of a page. options: for `launch`, in place of what the page is launched with."""
    from vimo_pipeline.ui.app import page_options

    _, address, _ = app.launch(
        **page_options() | options, prevent_thread_lock=True, server_name="127.0.0.1", quiet=True
    )
    try:
        yield address.rstrip("/")
    finally:
        app.close()

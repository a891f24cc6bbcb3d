"""Rows that tabs share: help under an upload, and downloads."""

from collections.abc import Sequence

import gradio as gr


def download_row(kinds: Sequence[str], *, prefix: str) -> list[gr.DownloadButton]:
    """One button a kind of file. prefix: what their ids start with, as in `download-glb`."""
    with gr.Row(elem_classes="vimo-downloads"):
        return [
            gr.DownloadButton(kind, size="md", min_width=60, elem_id=f"{prefix}-{kind.lower()}")
            for kind in kinds
        ]


def upload_help(sentence: str) -> gr.HTML:
    """What to bring, under the upload above it: files and videos have no room for help of their own."""
    return gr.HTML(sentence, elem_classes="vimo-help")

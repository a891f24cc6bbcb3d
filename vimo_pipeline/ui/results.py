"""What tabs take and hand out: help for uploads, downloads, one file of many, nothing left behind."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

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


def one_file(paths: Sequence[Path]) -> Path:
    """The file itself, or one ZIP of several."""
    if len(paths) == 1:
        return paths[0]
    archive = paths[0].with_name(f"{paths[0].stem}-{paths[0].suffix[1:]}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in paths:
            zipped.write(path, path.name)
    return archive


def keep_only(folder: Path, wanted: Sequence[Path | None]) -> None:
    """Remove what nobody can fetch: gradio tidies up the files that it serves and no others."""
    for path in set(folder.iterdir()) - set(wanted):
        path.unlink()

"""Uploads by link: a file that this page serves is taken from its cache, any other is fetched by gradio.

Programs and agents pass on what one endpoint gave them as a link. Gradio would fetch it as from a stranger,
and it fetches nothing from the machine it runs on.
"""

from pathlib import Path
from urllib.parse import unquote, urlparse

import gradio as gr
from gradio.utils import is_in_or_equal

SERVED = "/gradio_api/file="


class _OwnLinks:
    async def async_move_resource_to_block_cache(self, url_or_file_path: str | Path | None) -> str | None:
        return await super().async_move_resource_to_block_cache(own_file(url_or_file_path, self.GRADIO_CACHE))


class File(_OwnLinks, gr.File):
    """`gr.File` that knows links of its own page."""


class Video(_OwnLinks, gr.Video):
    """`gr.Video` that knows links of its own page."""


def own_file(link: str | Path | None, cache: str) -> str | Path | None:
    """The file in the cache that a link names; anything else comes back as it is."""
    _, served, path = urlparse(str(link)).path.partition(SERVED)
    path = unquote(path)
    return path if served and is_in_or_equal(path, cache) and Path(path).is_file() else link

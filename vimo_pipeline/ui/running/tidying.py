"""What visitors leave in the page's cache is kept for hours and no longer.

Gradio removes files that it serves, and leaves their folders, clips of a batch, and uploads that broke off.
"""

import shutil
import time
from contextlib import suppress
from pathlib import Path

KEPT_SECONDS = 6 * 3600
RUN, BATCH = "vimo-run-", "vimo-batch"  # folders in the cache


def tidy(cache: Path) -> None:
    """Remove what is old: of the cache, which others may share, nothing that could be somebody else's."""
    clips = cache / BATCH
    for path in [*cache.iterdir(), *(clips.iterdir() if clips.is_dir() else ())]:
        with suppress(FileNotFoundError):  # another visitor was first
            if _is_old(path) and (path.parent == clips or _is_left(path)):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _is_left(path: Path) -> bool:
    """Ours, an empty folder, or an upload under way: Python calls it tmp and eight letters."""
    if path.is_dir():
        return path.name.startswith(RUN) or not any(path.iterdir())
    return path.name.startswith("tmp") and len(path.name) == 11


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > KEPT_SECONDS

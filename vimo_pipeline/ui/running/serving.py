"""Between the library and the web page: errors in words, files that are served and removed, a lent GPU."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from gradio.utils import get_upload_folder

from .cancelling import Cancelled
from .tidying import RUN, tidy

if TYPE_CHECKING:
    from ...pipelines.vimo import ViMoPipeline

GPU_SECONDS = 60  # the longest that one call may hold a ZeroGPU slice

logger = logging.getLogger(__name__)


@contextmanager
def errors_for_people(*uploads: str | None) -> Iterator[None]:
    """Turn what the library refuses into a message on the page. Uploads are called by their own names.

    What nobody foresaw goes to the log whole and to the page as an apology, without its insides.
    """
    try:
        yield
    except gr.Error:
        raise
    except (ValueError, FileNotFoundError) as error:
        message = str(error)
        for upload in filter(None, uploads):
            message = message.replace(str(upload), Path(upload).name)
        raise _message(message) from error
    except Cancelled as error:
        raise gr.Error("Cancelled.", duration=3, title="Stopped", print_exception=False) from error
    except Exception as error:
        logger.exception("unforeseen error on the page")
        raise _message("Something broke inside ViMo; it is in the log. Another file may work.") from error


def _message(text: str) -> gr.Error:
    """gradio renders messages as HTML, and a file name may hold some."""
    return gr.Error(escape(text), duration=20, title="That did not work", print_exception=False)


@contextmanager
def served_folder(prefix: str = RUN) -> Iterator[Path]:
    """A new folder inside gradio's cache, the only place that is served; gone again when the block fails.

    What earlier runs left there goes when it is old.
    """
    cache = Path(get_upload_folder())
    cache.mkdir(parents=True, exist_ok=True)
    tidy(cache)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=cache))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def without_lent_gpu(get_pipe: Callable[[], "ViMoPipeline"]) -> Callable[[], "ViMoPipeline"]:
    """The same where frames come ten a second, each too short to borrow a ZeroGPU: there, one on the CPU."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return get_pipe

    @cache
    def on_cpu() -> "ViMoPipeline":
        pipe = get_pipe()
        return type(pipe).from_pretrained(pipe.config._name_or_path)

    return on_cpu


def on_gpu(function: Callable) -> Callable:
    """Borrow a GPU for each call on a ZeroGPU Space; anywhere else the function stays as it is."""
    lent = lent_gpus()
    return lent(duration=GPU_SECONDS)(function) if lent else function


def lent_gpus() -> Callable | None:
    """What lends a GPU on a ZeroGPU Space, where from the first call on torch says that there is one."""
    try:
        import spaces
    except ImportError:
        return None
    return spaces.GPU

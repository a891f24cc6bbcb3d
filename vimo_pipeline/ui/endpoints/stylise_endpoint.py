"""The endpoint `stylise`: the work behind the tab "Stylise"."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import gradio as gr

from ...export.files import SUFFIXES
from ..running.cancelling import Cancelling, Telling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .results import keep_only, one_file
from .sampling_options import sampling_options
from .stylising import Stylised, stylise_files

STAGES = {
    "keypoints": "Finding the person in the video",
    "motion": "Imagining the motion",
    "files": "Writing the files",
}


def stylise_endpoint(lender: Lender, stops: Cancelling) -> Callable:
    """The function behind the button; its values are those of viewer, downloads and summary."""

    def stylise(
        motion: str,
        style: str | None = None,
        video: str | None = None,
        strength: int = 5,
        cutoff: float = 1.0,
        hypotheses: int = 1,
        guidance_scale: float = 1.5,
        num_inference_steps: int = 5,
        seed: int = 0,
        request: gr.Request = None,
        progress=gr.Progress(),  # noqa: B008  gradio finds the bar by this default
    ):
        """Give a motion the manner of another: slow movement of the one, detail of the other.

        Args:
            motion: the motion whose course is kept, a BVH, GLB or NPZ file.
            style: a motion file whose manner is taken.
            video: in place of a style motion, a clip that shows the manner.
            strength: in how many refining steps the course is kept; 0 is the style alone.
            cutoff: hertz; slower movement is the motion's, quicker the style's.
            hypotheses: how many different results to imagine, 1 to 4.
            guidance_scale: how closely to follow the style; 1 is off.
            num_inference_steps: how often the result is refined.
            seed: of the hypotheses after the first, which is the likeliest.

        Returns:
            GLB files of the motion, of a style that was a motion, and of every result; downloads as GLB, BVH
            and NPZ, a ZIP where there are several results; and how long it took, as HTML.
        """
        with served_folder() as folder, stops.watched(request, folder) as wish:
            options = sampling_options(hypotheses, guidance_scale, num_inference_steps, seed)
            with errors_for_people(motion, style, video):
                return _stylised(
                    motion, folder, lender=lender, tell=Telling(wish, progress, STAGES), style=style,
                    video=video, strength=int(strength), cutoff=cutoff, **options,
                )  # fmt: skip

    return stylise


def _stylised(motion: str | None, folder: Path, **options: Any) -> list[Any]:
    """Stylise a motion into a folder, and keep there what is shown. options: as for `stylise_files`."""
    if not motion:
        raise ValueError("There is no motion yet. Choose a file, or send one from the first tab.")
    started = perf_counter()
    done = stylise_files(motion, folder, **options)
    shown = _shown(done, perf_counter() - started)
    keep_only(folder, [*(path for path, _ in shown[0]), *shown[1:-1]])
    return shown


def _shown(done: Stylised, seconds: float) -> list[Any]:
    """A result as the values of viewer, the three downloads and the summary."""
    figures = [(done.motion, "Motion"), *([(done.style, "Style")] if done.style else [])]
    figures += [(path, f"Result {number}") for number, path in enumerate(done.files["glb"], 1)]
    downloads = [one_file(done.files[suffix]) for suffix in SUFFIXES]
    return [figures, *downloads, f"<b>{done.frames / 30:.1f} s of motion in {seconds:.1f} s</b>"]

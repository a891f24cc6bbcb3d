"""The endpoint `complete`: the work behind the tab "Complete"."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any

import gradio as gr

from ...export.files import SUFFIXES
from ..running.cancelling import Cancelling, Telling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .completing import Completed, Mode, complete_files
from .results import keep_only, one_file
from .sampling_options import sampling_options

STAGES = {
    "keypoints": "Finding the person in the video",
    "motion": "Imagining what is missing",
    "files": "Writing the files",
    "picture": "Drawing before and after",
}


def complete_endpoint(lender: Lender, stops: Cancelling, *, usual_calming: float) -> Callable:
    """The function behind the button; its values are those of viewer, downloads, picture and summary."""

    def complete(
        motion: str,
        mode: Mode = "In-between",
        keep: str = "",
        parts: Sequence[str] = (),
        second: str | None = None,
        overlap: int = 30,
        video: str | None = None,
        guide_start: int = 0,
        calming: float = usual_calming,
        hypotheses: int = 1,
        guidance_scale: float = 1,
        num_inference_steps: int = 5,
        seed: int = 0,
        request: gr.Request = None,
        progress=gr.Progress(),  # noqa: B008  gradio finds the bar by this default
    ):
        """Imagine what is missing of a motion and keep the rest as it is.

        Args:
            motion: a motion file, BVH, GLB or NPZ; its frames are counted at 30 a second.
            mode: In-between imagines whole frames, Body parts some parts, Blend the way into another motion.
            keep: frames that are kept whole, 0:30,120:150; all others are imagined.
            parts: which parts of the body the mode Body parts imagines.
            second: the motion that the mode Blend leads into.
            overlap: in how many frames the first motion goes over into the second.
            video: a clip that shows what is missing, if there is one.
            guide_start: the frame of the motion at which that clip starts.
            calming: how far the first result leans to a calmer way over a gap without a clip, 0 to 1.
            hypotheses: how many results to imagine, 1 to 4; in a gap without a clip the fourth is calm.
            guidance_scale: how closely to follow the clip and what is kept; 1 is off.
            num_inference_steps: how often the result is refined.
            seed: of the hypotheses after the first, which is the likeliest.

        Returns:
            GLB files of the motion as it was and of every result; downloads as GLB, BVH and NPZ, a ZIP where
            there are several results; a picture of before and after; and what was kept, as HTML.
        """
        with served_folder() as folder, stops.watched(request, folder) as wish:
            options = sampling_options(hypotheses, guidance_scale, num_inference_steps, seed)
            with errors_for_people(motion, second, video):
                return _completed(
                    motion, folder, lender=lender, tell=Telling(wish, progress, STAGES), mode=mode, keep=keep,
                    parts=parts, second=second, overlap=int(overlap), video=video,
                    guide_start=int(guide_start or 0), calming=calming, **options,
                )  # fmt: skip

    return complete


def _completed(motion: str | None, folder: Path, **options: Any) -> list[Any]:
    """Complete a motion into a folder, and keep there what is shown. options: as for `complete_files`."""
    if not motion:
        raise ValueError("There is no motion yet. Choose a file, or send one from the first tab.")
    started = perf_counter()
    done = complete_files(motion, folder, **options)
    shown = _shown(done, perf_counter() - started)
    keep_only(folder, [*(path for path, _ in shown[0]), *shown[1:-1]])
    return shown


def _shown(done: Completed, seconds: float) -> list[Any]:
    """A result as the values of viewer, the three downloads, the picture and the summary."""
    downloads = [one_file(done.files[suffix]) for suffix in SUFFIXES]
    kept = escape(str(done.mask).partition("\n")[0])
    summary = f"<b>{len(done.mask) / 30:.1f} s of motion in {seconds:.1f} s</b> &nbsp; {kept}"
    figures = [(done.before, "Before")]
    figures += [(path, f"Result {number}") for number, path in enumerate(done.files["glb"], 1)]
    return [figures, *downloads, done.picture, summary]

"""The endpoint `batch`: the work behind the tab "Batch"."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from ..running.cancelling import Cancelling, Telling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .batching import capture_kept, kept_folder, write_archive
from .capture_endpoint import STAGES
from .sampling_options import sampling_options

MOST_CLIPS = 50


def batch_endpoint(lender: Lender, stops: Cancelling) -> Callable:
    """The function behind the button; its values are those of table and archive."""

    def batch(
        clips: Sequence[str],
        hypotheses: int = 1,
        guidance_scale: float = 1.0,
        num_inference_steps: int = 5,
        seed: int = 0,
        request: gr.Request = None,
        progress=gr.Progress(),  # noqa: B008  gradio finds the bar by this default
    ):
        """Turn several videos into motions, one after another. Asked again, it goes on where it was stopped.

        Args:
            clips: video or keypoints files, at most 50.
            hypotheses: how many different motions to imagine for each, 1 to 4.
            guidance_scale: how closely to follow the videos; 1 is off.
            num_inference_steps: how often a motion is refined.
            seed: of the hypotheses after the first, which is the likeliest.

        Returns:
            A table of what was seen in each clip, and a ZIP with the files of all clips and the table as CSV.
        """
        options = sampling_options(hypotheses, guidance_scale, num_inference_steps, seed)
        cache = Path(get_upload_folder())
        with served_folder() as folder, stops.watched(request, folder) as wish:
            with errors_for_people():
                _check(clips)
            done = []
            for number, clip in enumerate(clips, 1):
                at = f"{number} of {len(clips)}, {Path(clip).name}: "
                tell = Telling(wish, progress, {stage: at + words for stage, words in STAGES.items()})
                kept = kept_folder(cache, clip, options)
                with errors_for_people(clip):
                    done.append((kept, capture_kept(clip, kept, lender=lender, tell=tell, **options)))
            write_archive(folder / "motions.zip", done)
            return [list(astuple(line)) for _, line in done], folder / "motions.zip"

    return batch


def _check(clips: Sequence[str] | None) -> None:
    if not clips:
        raise ValueError("There is no clip yet. Choose one video or several.")
    if len(clips) > MOST_CLIPS:
        raise ValueError(f"There are {len(clips)} clips; give at most {MOST_CLIPS} at a time.")

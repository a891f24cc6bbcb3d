"""The tab "Batch": several clips in; one ZIP of motions and a table of what was seen out."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from .batching import HEADERS, capture_kept, kept_folder, write_archive
from .cancelling import Cancelling, RunButton, Telling
from .capturing import STAGES
from .lending import Lender
from .own_links import File
from .results import upload_help
from .sampling import sampling_controls, sampling_options
from .serving import errors_for_people, served_folder

KINDS = [".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".npz", ".json"]
MOST_CLIPS = 50


def batch_tab(lender: Lender) -> None:
    """Build the tab inside an open `gr.Blocks`."""
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            clips = File(
                label="Videos or keypoints files", file_count="multiple", file_types=KINDS, height=220,
                elem_id="clips",
            )  # fmt: skip
            upload_help(f"Up to {MOST_CLIPS} at a time; what cannot be used is named in the table.")
            run = RunButton("Capture all", elem_id="batch-run")
            sampling = sampling_controls(
                guidance_scale=1,
                hypotheses_help="Motions a clip: the likeliest first, then others that differ.",
                guidance_help="How closely to follow the videos; 1 leaves the most freedom.",
            )
        with gr.Column(scale=8, min_width=320):
            table = gr.Dataframe(
                headers=HEADERS, label="What was seen", interactive=False, wrap=True, elem_id="batch-table",
                elem_classes="vimo-table", column_widths=["130px", "90px", "65px", "110px", "65px", "250px"],
            )  # fmt: skip
            archive = gr.DownloadButton("Download all as ZIP", visible=False, elem_id="batch-zip")
            gr.HTML(
                "Clips that are done are kept for six hours. After a cancelled batch, or with more clips, "
                "start again: only the missing ones are worked on.",
                elem_classes="vimo-summary",
            )
    run.begin(run.button.click, show="batch-table")
    done = run.button.click(
        _endpoint(lender, stops), [clips, *sampling], [table, archive], api_name="batch",
        concurrency_id="model", concurrency_limit=1, show_progress_on=table,
    )  # fmt: skip
    run.end([done], stops)
    done.success(lambda: gr.DownloadButton(visible=True), outputs=archive, api_visibility="private")


def _endpoint(lender: Lender, stops: Cancelling) -> Callable:
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

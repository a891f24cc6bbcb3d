"""The tab "Batch": several clips in; one ZIP of motions and a table of what was seen out."""

import gradio as gr

from ..components.own_links import File
from ..endpoints.batch_endpoint import MOST_CLIPS, batch_endpoint
from ..endpoints.batching import HEADERS
from ..running.cancelling import Cancelling
from ..running.lending import Lender
from .rows import upload_help
from .run_button import RunButton
from .sampling import sampling_controls

KINDS = [".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".npz", ".json"]


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
        batch_endpoint(lender, stops), [clips, *sampling], [table, archive], api_name="batch",
        concurrency_id="model", concurrency_limit=1, show_progress_on=table,
    )  # fmt: skip
    run.end([done], stops)
    done.success(lambda: gr.DownloadButton(visible=True), outputs=archive, api_visibility="private")

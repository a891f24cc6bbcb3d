"""The tab "Complete": a motion whose missing frames or limbs are imagined, or that leads into another."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import gradio as gr

from ...export.files import SUFFIXES, save_motion
from ..components.own_links import File, Video
from ..components.timeline import FrameTimeline, middle_third
from ..components.viewer import MotionViewer
from ..endpoints.complete_endpoint import complete_endpoint
from ..endpoints.completing import Mode, load_at
from ..running.cancelling import Cancelling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .example_motions import example_dance
from .greeting import greeting
from .rows import download_row, upload_help
from .run_button import RunButton
from .sampling import sampling_controls

PARTS = {
    "Left arm": "left_arm", "Right arm": "right_arm", "Left leg": "left_leg", "Right leg": "right_leg",
    "Spine": "spine", "Head and neck": "head_and_neck", "Upper body": "upper_body",
    "Lower body": "lower_body", "Path over the floor": "root",
}  # fmt: skip
KINDS = [".bvh", ".glb", ".npz", ".pkl"]


def complete_tab(lender: Lender, *, usual_calming: float) -> tuple[gr.File, Callable, list]:
    """Build the tab inside an open `gr.Blocks`. usual_calming: where *Calm* stands at first.

    Returns where the motion goes, and the function and outputs that show it, for other tabs to send one here.
    """
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            motion, examples = _motion()
            mode, timeline, parts, blend, second, overlap = _task()
            run = RunButton("Complete motion", elem_id="complete-run")
            video, guide_start = _guide()
            calming = _calm(usual_calming)
            sampling = sampling_controls(
                guidance_scale=1,
                hypotheses_help="How many results; in a gap without a video the fourth is a calm one.",
                guidance_help="How closely to follow the video and what is kept; 1 leaves the most freedom.",
            )
        with gr.Column(scale=8, min_width=320):
            viewer, results, outputs = _stage()
    show, shown = _show_motion(lender), [viewer, timeline, results]
    gr.on([motion.upload, motion.clear], show, motion, shown, api_visibility="private")
    mode.change(_needed, mode, [timeline, parts, blend], show_progress="hidden", api_visibility="private")

    options = {
        "fn": complete_endpoint(lender, stops, usual_calming=usual_calming),
        "inputs": [motion, mode, timeline, parts, second, overlap, video, guide_start, calming, *sampling],
        "outputs": outputs, "concurrency_id": "model", "concurrency_limit": 1, "show_progress_on": viewer,
    }  # fmt: skip
    run.begin(run.button.click, show="complete-viewer")
    events = [run.button.click(**options, api_name="complete")]
    for button, task in examples:
        filled = button.click(_fill(task), None, [motion, mode, parts, second], api_visibility="private")
        loaded = filled.success(show, motion, shown, api_visibility="private")
        run.begin(loaded.success, show="complete-viewer")
        events.append(loaded.success(**options, api_visibility="private"))
    run.end(events, stops)
    for event in events:
        event.success(lambda: gr.Column(visible=True), outputs=results, api_visibility="private")
    return motion, show, shown


def _motion() -> tuple[gr.File, list[tuple[gr.Button, Mode]]]:
    """What is completed, and examples of every task."""
    motion = File(label="Motion (BVH, GLB, NPZ)", file_types=KINDS, height=150, elem_id="motion")
    upload_help("What you mark of this motion is imagined anew; the rest stays as it is.")
    gr.HTML("No motion at hand? Try one of these.", elem_classes="vimo-summary")
    with gr.Row(elem_classes="vimo-downloads"):
        words = {"In-between": "Fill a gap", "Body parts": "Imagine an arm", "Blend": "End in a wave"}
        return motion, [
            (gr.Button(word, size="sm", min_width=60, elem_id=f"example-{number}"), task)
            for number, (task, word) in enumerate(words.items())
        ]


def _task() -> tuple:
    """What to imagine: only the controls that the chosen task needs are seen."""
    mode = gr.Radio(
        get_args(Mode), value="In-between", label="What to imagine", elem_id="mode",
        info="Whole frames, some body parts, or the way from one motion into another.",
    )  # fmt: skip
    timeline = FrameTimeline(label="Timeline", viewer="complete-viewer", elem_id="timeline")
    parts = gr.CheckboxGroup(
        list(PARTS.items()), value=["left_arm"], label="Body parts", visible=False, elem_id="parts",
        info="Which parts are imagined in the orange frames; the rest of the body stays as it is.",
    )  # fmt: skip
    with gr.Column(visible=False) as blend:
        second = File(label="Second motion", file_types=KINDS, height=150, elem_id="second")
        upload_help("The motion that the first one leads into.")
        overlap = gr.Slider(
            4, 90, 30, step=1, label="Overlap",
            info="In how many frames, 30 a second, the first motion goes over into the second.",
        )  # fmt: skip
    return mode, timeline, parts, blend, second, overlap


def _guide() -> tuple[gr.Video, gr.Number]:
    with gr.Accordion("Guide with a video", open=False):
        video = Video(sources=["upload"], label="Video of what is missing", height=200, elem_id="guide")
        upload_help("A film of what is missing: the imagined part follows it.")
        start = gr.Number(
            0, precision=0, minimum=0, label="Start of the video", elem_id="guide-start",
            info="The frame of the motion, 30 a second, at which the video starts.",
        )  # fmt: skip
    return video, start


def _calm(usual: float) -> gr.Slider:
    return gr.Slider(
        0, 1, usual, step=0.05, label="Calm", elem_id="calming",
        info="How far the first result leans to a calmer way over a gap; 0 is liveliest.",
    )  # fmt: skip


def _stage() -> tuple[MotionViewer, gr.Column, list[gr.components.Component]]:
    """The viewer, what is hidden until there are results, and where the endpoint's values go."""
    viewer = MotionViewer(
        None, named=True, label="Before and after", elem_id="complete-viewer", elem_classes="vimo-stage",
        hint="Choose a motion, or try an example. What you mark is imagined, the rest stays.",
    )  # fmt: skip
    with gr.Column(visible=False) as results:
        summary = gr.HTML(elem_classes="vimo-summary")
        downloads = download_row([suffix.upper() for suffix in SUFFIXES], prefix="complete")
        picture = gr.Image(
            label="Before and after", type="filepath", interactive=False, elem_id="complete-picture",
            buttons=["fullscreen", "download"],
        )  # fmt: skip
    return viewer, results, [viewer, *downloads, picture, summary]


def _needed(mode: Mode) -> tuple[gr.HTML, gr.CheckboxGroup, gr.Column]:
    return (
        FrameTimeline(visible=mode != "Blend"),
        gr.CheckboxGroup(visible=mode == "Body parts"),
        gr.Column(visible=mode == "Blend"),
    )


def _fill(task: Mode) -> Callable[[], tuple]:
    """An example of a task: motion, mode, body parts and second motion."""

    def fill() -> tuple:
        with served_folder() as folder:
            save_motion(example_dance(), folder / "dance.npz")
            if task == "Blend":
                save_motion(greeting(), folder / "wave.npz")
        second = str(folder / "wave.npz") if task == "Blend" else None
        return str(folder / "dance.npz"), task, ["left_arm"], second

    return fill


def _show_motion(lender: Lender) -> Callable:
    def show(motion: str | None) -> tuple[list, FrameTimeline, gr.Column]:
        hidden = gr.Column(visible=False)
        if not motion:
            return [], FrameTimeline("", frames=0), hidden
        with errors_for_people(motion), served_folder() as folder:
            loaded = load_at(motion, lender.fps)
            path = folder / f"{Path(motion).stem}.glb"
            save_motion(loaded, path)
            frames = len(loaded)
            return [(path, "Before")], FrameTimeline(middle_third(frames), frames=frames), hidden

    return show

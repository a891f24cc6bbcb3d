"""The tab "Stylise": the course of one motion in the manner of another."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr

from ...export.files import SUFFIXES, save_motion
from ..components.own_links import File, Video
from ..components.viewer import MotionViewer
from ..endpoints.completing import load_at
from ..endpoints.stylise_endpoint import stylise_endpoint
from ..running.cancelling import Cancelling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .example_motions import example_dance
from .greeting import greeting
from .rows import download_row, upload_help
from .run_button import RunButton
from .sampling import sampling_controls

KINDS = [".bvh", ".glb", ".npz", ".pkl"]


def stylise_tab(lender: Lender) -> tuple[gr.File, Callable, list]:
    """Build the tab inside an open `gr.Blocks`.

    Returns where the motion goes, and the function and outputs that show it, for other tabs to send one here.
    """
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            motion, style, video, example = _motions()
            strength, cutoff = _amount()
            run = RunButton("Stylise motion", elem_id="stylise-run")
            sampling = sampling_controls(
                guidance_scale=1.5,
                hypotheses_help="How many results to choose from; all stand beside motion and style.",
                guidance_help="How closely to follow the style; 1 leaves the most freedom.",
            )
        with gr.Column(scale=8, min_width=320):
            viewer, results, outputs = _stage()
    steps = sampling[2]
    steps.release(_as_many, [steps, strength], strength, show_progress="hidden", api_visibility="private")
    show, shown = _show_motion(lender), [viewer, results]
    gr.on([motion.upload, motion.clear], show, motion, shown, api_visibility="private")

    options = {
        "fn": stylise_endpoint(lender, stops),
        "inputs": [motion, style, video, strength, cutoff, *sampling],
        "outputs": outputs, "concurrency_id": "model", "concurrency_limit": 1, "show_progress_on": viewer,
    }  # fmt: skip
    filled = example.click(_fill, None, [motion, style, video], api_visibility="private")
    run.begin(run.button.click, filled.success, show="stylise-viewer")
    events = [
        run.button.click(**options, api_name="stylise"),
        filled.success(**options, api_visibility="private"),
    ]
    run.end(events, stops)
    for event in events:
        event.success(lambda: gr.Column(visible=True), outputs=results, api_visibility="private")
    return motion, show, shown


def _motions() -> tuple[gr.File, gr.File, gr.Video, gr.Button]:
    """Whose course and whose manner, and a button that brings both."""
    motion = File(label="Motion (BVH, GLB, NPZ)", file_types=KINDS, height=150, elem_id="stylise-motion")
    upload_help("Its course is kept: where it goes and when.")
    style = File(label="Style: a motion", file_types=KINDS, height=150, elem_id="style")
    upload_help("Its manner is taken: how quick and small movements look.")
    with gr.Accordion("Style from a video", open=False):
        video = Video(sources=["upload"], label="Video of the style", height=200, elem_id="manner")
        upload_help("A film of somebody who moves in that manner, in place of a motion.")
    example = gr.Button("No motions at hand? A wave, danced", size="sm", elem_id="stylise-example")
    return motion, style, video, example


def _stage() -> tuple[MotionViewer, gr.Column, list[gr.components.Component]]:
    """The viewer, what is hidden until there are results, and where the endpoint's values go."""
    viewer = MotionViewer(
        None, named=True, label="Motion, style and results", elem_id="stylise-viewer",
        elem_classes="vimo-stage",
        hint="Choose a motion and a style, or try the example: one's course in the other's manner.",
    )  # fmt: skip
    with gr.Column(visible=False) as results:
        summary = gr.HTML(elem_classes="vimo-summary")
        downloads = download_row([suffix.upper() for suffix in SUFFIXES], prefix="stylise")
    return viewer, results, [viewer, *downloads, summary]


def _amount() -> tuple[gr.Slider, gr.Slider]:
    """How much is the motion's and how much the style's. Music, once it is here, joins the styles above."""
    strength = gr.Slider(
        0, 5, 5, step=1, label="Steps on the motion's course", elem_id="strength",
        info="In how many refining steps slow movement is the motion's; 0 is the style alone.",
    )  # fmt: skip
    cutoff = gr.Slider(
        0.2, 5, 1, step=0.1, label="Slow up to",
        info="Hertz: slower movement is the motion's, quicker the style's.",
    )  # fmt: skip
    return strength, cutoff


def _as_many(steps: int, strength: int) -> gr.Slider:
    """The strength cannot count more steps than there are."""
    return gr.Slider(maximum=int(steps), value=min(int(strength), int(steps)))


def _fill() -> tuple[str, str, None]:
    """A wave and a dance as files."""
    with served_folder() as folder:
        save_motion(greeting(), folder / "wave.npz")
        save_motion(example_dance(), folder / "dance.npz")
    return str(folder / "wave.npz"), str(folder / "dance.npz"), None


def _show_motion(lender: Lender) -> Callable:
    def show(motion: str | None) -> tuple[list, gr.Column]:
        if not motion:
            return [], gr.Column(visible=False)
        with errors_for_people(motion), served_folder() as folder:
            path = folder / f"{Path(motion).stem}.glb"
            save_motion(load_at(motion, lender.fps), path)
            return [(path, "Motion")], gr.Column(visible=False)

    return show

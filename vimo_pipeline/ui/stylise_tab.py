"""The tab "Stylise": the course of one motion in the manner of another."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import gradio as gr

from ..export.files import SUFFIXES, save_motion
from .cancelling import Cancelling, RunButton, Telling
from .completing import load_at
from .example_motions import example_dance
from .greeting import greeting
from .lending import Lender
from .own_links import File, Video
from .results import download_row, keep_only, one_file, upload_help
from .sampling import sampling_controls, sampling_options
from .serving import errors_for_people, served_folder
from .stylising import Stylised, stylise_files
from .viewer import MotionViewer

STAGES = {
    "keypoints": "Finding the person in the video",
    "motion": "Imagining the motion",
    "files": "Writing the files",
}
KINDS = [".bvh", ".glb", ".npz", ".pkl"]


def stylise_tab(lender: Lender) -> tuple[gr.File, Callable, list]:
    """Build the tab inside an open `gr.Blocks`.

    Returns where the motion goes, and the function and outputs that show it, for other tabs to send one here.
    """
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            motion = File(
                label="Motion (BVH, GLB, NPZ)", file_types=KINDS, height=150, elem_id="stylise-motion"
            )
            upload_help("Its course is kept: where it goes and when.")
            style = File(label="Style: a motion", file_types=KINDS, height=150, elem_id="style")
            upload_help("Its manner is taken: how quick and small movements look.")
            with gr.Accordion("Style from a video", open=False):
                video = Video(sources=["upload"], label="Video of the style", height=200, elem_id="manner")
                upload_help("A film of somebody who moves in that manner, in place of a motion.")
            example = gr.Button("No motions at hand? A wave, danced", size="sm", elem_id="stylise-example")
            strength, cutoff = _amount()
            run = RunButton("Stylise motion", elem_id="stylise-run")
            sampling = sampling_controls(
                guidance_scale=1.5,
                hypotheses_help="How many results to choose from; all stand beside motion and style.",
                guidance_help="How closely to follow the style; 1 leaves the most freedom.",
            )
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(
                None, named=True, label="Motion, style and results", elem_id="stylise-viewer",
                elem_classes="vimo-stage",
                hint="Choose a motion and a style, or try the example: one's course in the other's manner.",
            )  # fmt: skip
            with gr.Column(visible=False) as results:
                summary = gr.HTML(elem_classes="vimo-summary")
                downloads = download_row([suffix.upper() for suffix in SUFFIXES], prefix="stylise")
    steps = sampling[2]
    steps.release(_as_many, [steps, strength], strength, show_progress="hidden", api_visibility="private")
    show, shown = _show_motion(lender), [viewer, results]
    gr.on([motion.upload, motion.clear], show, motion, shown, api_visibility="private")

    options = {
        "fn": _endpoint(lender, stops),
        "inputs": [motion, style, video, strength, cutoff, *sampling],
        "outputs": [viewer, *downloads, summary],
        "concurrency_id": "model", "concurrency_limit": 1, "show_progress_on": viewer,
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


def _endpoint(lender: Lender, stops: Cancelling) -> Callable:
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

"""The tab "Complete": a motion whose missing frames or limbs are imagined, or that leads into another."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

import gradio as gr

from ..export.files import SUFFIXES, save_motion
from .cancelling import Cancelling, RunButton, Telling
from .completing import Completed, Mode, complete_files, load_at
from .example_motions import example_dance
from .greeting import greeting
from .lending import Lender
from .own_links import File, Video
from .results import download_row, keep_only, one_file, upload_help
from .sampling import sampling_controls, sampling_options
from .serving import errors_for_people, served_folder
from .timeline import FrameTimeline, middle_third
from .viewer import MotionViewer

STAGES = {
    "keypoints": "Finding the person in the video",
    "motion": "Imagining what is missing",
    "files": "Writing the files",
    "picture": "Drawing before and after",
}
PARTS = {
    "Left arm": "left_arm", "Right arm": "right_arm", "Left leg": "left_leg", "Right leg": "right_leg",
    "Spine": "spine", "Head and neck": "head_and_neck", "Upper body": "upper_body",
    "Lower body": "lower_body", "Path over the floor": "root",
}  # fmt: skip
KINDS = [".bvh", ".glb", ".npz", ".pkl"]


def complete_tab(lender: Lender) -> tuple[gr.File, Callable, list]:
    """Build the tab inside an open `gr.Blocks`.

    Returns where the motion goes, and the function and outputs that show it, for other tabs to send one here.
    """
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            motion = File(label="Motion (BVH, GLB, NPZ)", file_types=KINDS, height=150, elem_id="motion")
            upload_help("What you mark of this motion is imagined anew; the rest stays as it is.")
            examples = _example_buttons()
            mode, timeline, parts, blend, second, overlap = _task()
            run = RunButton("Complete motion", elem_id="complete-run")
            video, guide_start = _guide()
            calming = gr.Slider(
                0, 1, 0.25, step=0.05, label="Calm", elem_id="calming",
                info="How far the first result leans to the shortest way over a gap; 0 is liveliest.",
            )  # fmt: skip
            sampling = sampling_controls(
                guidance_scale=1,
                hypotheses_help="How many results; in a gap without a video the fourth is a calm one.",
                guidance_help="How closely to follow the video and what is kept; 1 leaves the most freedom.",
            )
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(
                None, named=True, label="Before and after", elem_id="complete-viewer",
                elem_classes="vimo-stage",
                hint="Choose a motion, or try an example. What you mark is imagined, the rest stays.",
            )  # fmt: skip
            with gr.Column(visible=False) as results:
                summary = gr.HTML(elem_classes="vimo-summary")
                downloads = download_row([suffix.upper() for suffix in SUFFIXES], prefix="complete")
                picture = gr.Image(
                    label="Before and after", type="filepath", interactive=False, elem_id="complete-picture",
                    buttons=["fullscreen", "download"],
                )  # fmt: skip
    show, shown = _show_motion(lender), [viewer, timeline, results]
    gr.on([motion.upload, motion.clear], show, motion, shown, api_visibility="private")
    mode.change(_needed, mode, [timeline, parts, blend], show_progress="hidden", api_visibility="private")

    inputs = [motion, mode, timeline, parts, second, overlap, video, guide_start, calming, *sampling]
    outputs = [viewer, *downloads, picture, summary]
    options = {
        "fn": _endpoint(lender, stops), "inputs": inputs, "outputs": outputs, "concurrency_id": "model",
        "concurrency_limit": 1, "show_progress_on": viewer,
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


def _example_buttons() -> list[tuple[gr.Button, Mode]]:
    gr.HTML("No motion at hand? Try one of these.", elem_classes="vimo-summary")
    with gr.Row(elem_classes="vimo-downloads"):
        words = {"In-between": "Fill a gap", "Body parts": "Imagine an arm", "Blend": "End in a wave"}
        return [
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


def _endpoint(lender: Lender, stops: Cancelling) -> Callable:
    def complete(
        motion: str,
        mode: Mode = "In-between",
        keep: str = "",
        parts: Sequence[str] = (),
        second: str | None = None,
        overlap: int = 30,
        video: str | None = None,
        guide_start: int = 0,
        calming: float = 0.25,
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
            calming: how far the first result leans to the shortest way over a gap without a clip, 0 to 1.
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

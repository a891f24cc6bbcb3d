"""The tab "Video → motion": a video in; motions on a timeline, a preview and files out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from .cancelling import Cancelling, Telling, cancel_button
from .greeting import write_greeting
from .results import download_row, keep_only, one_file
from .sampling import sampling_controls
from .serving import errors_for_people, on_gpu, served_folder
from .viewer import MotionViewer

if TYPE_CHECKING:
    from ..pipelines.capture import CaptureResult
    from ..pipelines.vimo import ViMoPipeline

EXAMPLE = Path(__file__).parents[2] / "examples" / "example.mp4"
STAGES = {
    "keypoints": "Finding the person",
    "motion": "Imagining the motion",
    "files": "Writing the files",
    "preview": "Drawing the preview",
}
_SHOW_STAGE = "() => viewer.scrollIntoView({ behavior: 'smooth', block: 'nearest' })"


@dataclass(frozen=True)
class Sender:
    """What sends a captured motion to another tab."""

    button: gr.Button
    inputs: list[gr.components.Component]

    @staticmethod
    def chosen(shown: list[str], number: int | None) -> str:
        """The file of a hypothesis. shown: the viewer's files; number: which, from 0."""
        return shown[min(number or 0, len(shown) - 1)]


def capture_tab(get_pipe: Callable[[], "ViMoPipeline"]) -> Sender:
    """Build the tab inside an open `gr.Blocks`. get_pipe gives the pipeline once the first video comes."""
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            video = gr.Video(
                sources=["upload", "webcam"], label="Video of a person", height=280, elem_id="video"
            )
            if EXAMPLE.is_file():
                gr.Examples([[str(EXAMPLE)]], [video], label="No video at hand? Take this one")
            run = gr.Button("Capture motion", variant="primary", size="lg", elem_id="run")
            slot = gr.Column(elem_classes="vimo-slot")
            settings = _settings()
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(_greeting(), label="Motion", elem_id="viewer", elem_classes="vimo-stage")
            with gr.Column(visible=False) as results:
                summary = gr.HTML(label="Timings", elem_classes="vimo-summary")
                downloads = _downloads()
                with gr.Row(elem_classes="vimo-send"):
                    choice = gr.Radio(
                        [("1", 0)], value=0, label="Hypothesis", visible=False,
                        info="Which one goes on to the other tabs.",
                    )  # fmt: skip
                    send = gr.Button("Send to Complete", size="md", elem_id="send")
                preview = gr.Video(label="Preview", loop=True, height=360, elem_id="preview")
    run.click(js=_SHOW_STAGE, api_visibility="private")
    captured = run.click(
        _endpoint(get_pipe, stops),
        [video, *settings],
        [viewer, preview, *downloads, summary],
        api_name="capture",
        concurrency_id="model",
        concurrency_limit=1,
        show_progress_on=viewer,
    )
    with slot:
        cancel_button(run, [run], [captured], stops.ask)
    captured.success(_reveal, viewer, [results, choice], api_visibility="private")
    return Sender(send, [viewer, choice])


def _reveal(shown: list[str]) -> tuple[gr.Column, gr.Radio]:
    numbers = [(str(number + 1), number) for number in range(len(shown))]
    return gr.Column(visible=True), gr.Radio(numbers, value=0, visible=len(shown) > 1)


def _greeting() -> list[Path]:
    with served_folder() as folder:
        write_greeting(folder / "hello.glb")
        return [folder / "hello.glb"]


def _settings() -> list[gr.components.Component]:
    """The controls, in the order of the endpoint's arguments."""
    return sampling_controls(
        guidance_scale=1.5,
        hypotheses_help="The likeliest motion first, then others that differ where the video hides much.",
        guidance_help="How closely to follow the video; 1 leaves the most freedom, high values stiffen it.",
    )


def _downloads() -> list[gr.DownloadButton]:
    buttons = download_row(("GLB", "BVH", "NPZ", "MP4"), prefix="download")
    gr.HTML(
        "GLB opens in Blender, Unity, Unreal and browsers, BVH in any animation tool; NPZ holds SMPL "
        "parameters as AMASS keeps them, MP4 the preview below. Several hypotheses come as one ZIP.",
        elem_classes="vimo-summary",
    )
    return buttons


def _endpoint(get_pipe: Callable[[], "ViMoPipeline"], stops: Cancelling) -> Callable:
    @on_gpu
    def work(video: str, folder: Path, tell: Telling, **options: float) -> list:
        from ..pipelines.capture import capture as capture_video

        with errors_for_people(video):
            if not video:
                raise ValueError("There is no video yet. Upload one or record one with the webcam first.")
            result = capture_video(video, folder, pipe=get_pipe(), progress=tell, **options)
            shown = _shown(result)
            keep_only(folder, [*result.files["glb"], *shown[1:-1]])
            return shown

    def capture(
        video: str,
        hypotheses: int,
        guidance_scale: float,
        num_inference_steps: int,
        seed: int,
        request: gr.Request = None,
        progress=gr.Progress(),  # noqa: B008  gradio finds the bar by this default
    ):
        """Turn a video of a person into editable 3D motion.

        Args:
            video: a clip with one person in view, of any length; the camera may move.
            hypotheses: how many different motions to imagine, 1 to 4.
            guidance_scale: how closely to follow the video; 1 is off.
            num_inference_steps: how often the motion is refined.
            seed: of the hypotheses after the first, which is the likeliest.

        Returns:
            The motions as GLB files; a preview MP4 with the keypoints over the video; downloads as GLB, BVH,
            NPZ and MP4, a ZIP where there are several hypotheses; and how long every stage took, as HTML.
        """
        with served_folder() as folder, stops.watched(request, folder) as wish:
            return work(
                video, folder, Telling(wish, progress, STAGES), hypotheses=int(hypotheses),
                guidance_scale=guidance_scale, num_inference_steps=int(num_inference_steps), seed=int(seed),
            )  # fmt: skip

    return capture


def _shown(result: "CaptureResult") -> list:
    """A result as the values of viewer, preview, the four downloads and the summary."""
    files = result.files
    preview = files["preview"][0] if files["preview"] else None
    downloads = [one_file(files[kind]) for kind in ("glb", "bvh", "npz")]
    return [files["glb"], preview, *downloads, preview, _summary(result)]


def _summary(result: "CaptureResult") -> str:
    stages = " · ".join(f"{STAGES.get(stage, stage)} {took:.1f} s" for stage, took in result.seconds.items())
    total = sum(took for stage, took in result.seconds.items() if stage != "preview")
    return f"<b>{result.motions[0].seconds:.1f} s of motion in {total:.1f} s</b> &nbsp; {stages}"

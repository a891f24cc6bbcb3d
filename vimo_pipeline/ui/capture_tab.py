"""The tab "Video → motion": a video in; motions on a timeline, a preview and files out."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from .greeting import write_greeting
from .serving import errors_for_people, on_gpu, served_folder
from .viewer import MotionViewer

if TYPE_CHECKING:
    from ..pipelines.capture import CaptureResult
    from ..pipelines.vimo import ViMoPipeline

EXAMPLE = Path(__file__).parents[2] / "examples" / "example.mp4"
MAX_HYPOTHESES = 4
STAGES = {
    "keypoints": "Finding the person",
    "motion": "Imagining the motion",
    "files": "Writing the files",
    "preview": "Drawing the preview",
}
_SHOW_STAGE = "() => viewer.scrollIntoView({ behavior: 'smooth', block: 'nearest' })"


def capture_tab(get_pipe: Callable[[], "ViMoPipeline"]) -> None:
    """Build the tab inside an open `gr.Blocks`. get_pipe gives the pipeline once the first video comes."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            video = gr.Video(
                sources=["upload", "webcam"], label="Video of a person", height=280, elem_id="video"
            )
            if EXAMPLE.is_file():
                gr.Examples([[str(EXAMPLE)]], [video], label="No video at hand? Take this one")
            run = gr.Button("Capture motion", variant="primary", size="lg", elem_id="run")
            settings = _settings()
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(_greeting(), label="Motion", elem_id="viewer", elem_classes="vimo-stage")
            with gr.Column(visible=False) as results:
                summary = gr.HTML(label="Timings", elem_classes="vimo-summary")
                downloads = _downloads()
                preview = gr.Video(label="Preview", loop=True, height=360, elem_id="preview")
    run.click(js=_SHOW_STAGE, api_visibility="private")
    captured = run.click(
        _endpoint(get_pipe),
        [video, *settings],
        [viewer, preview, *downloads, summary],
        api_name="capture",
        concurrency_id="model",
        concurrency_limit=1,
        show_progress_on=viewer,
    )
    captured.success(lambda: gr.Column(visible=True), outputs=results, api_visibility="private")


def _greeting() -> list[Path]:
    with served_folder() as folder:
        write_greeting(folder / "hello.glb")
        return [folder / "hello.glb"]


def _settings() -> list[gr.components.Component]:
    """The controls, in the order of the endpoint's arguments."""
    hypotheses = gr.Slider(
        1, MAX_HYPOTHESES, 1, step=1, label="Hypotheses",
        info="The likeliest motion first, then others that differ where the video hides something.",
    )  # fmt: skip
    with gr.Accordion("Fine-tuning", open=False):
        guidance = gr.Slider(
            1, 6, 1.5, step=0.1, label="Guidance scale",
            info="How closely to follow the video; 1 leaves the most freedom, high values stiffen it.",
        )  # fmt: skip
        steps = gr.Slider(
            2, 50, 5, step=1, label="Steps",
            info="How often the motion is refined: more take longer and rarely look different beyond 20.",
        )  # fmt: skip
        seed = gr.Number(
            0, precision=0, minimum=0, maximum=2**32 - 1, label="Seed",
            info="Another seed gives other hypotheses after the first, which is the likeliest.",
        )  # fmt: skip
    return [hypotheses, guidance, steps, seed]


def _downloads() -> list[gr.DownloadButton]:
    with gr.Row(elem_classes="vimo-downloads"):
        buttons = [
            gr.DownloadButton(kind, size="md", min_width=60, elem_id=f"download-{kind.lower()}")
            for kind in ("GLB", "BVH", "NPZ", "MP4")
        ]
    gr.HTML(
        "GLB opens in Blender, Unity, Unreal and browsers, BVH in any animation tool; NPZ holds SMPL "
        "parameters as AMASS keeps them, MP4 the preview below. Several hypotheses come as one ZIP.",
        elem_classes="vimo-summary",
    )
    return buttons


def _endpoint(get_pipe: Callable[[], "ViMoPipeline"]) -> Callable:
    @on_gpu
    def capture(
        video: str,
        hypotheses: int,
        guidance_scale: float,
        num_inference_steps: int,
        seed: int,
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
        from ..pipelines.capture import capture as capture_video

        with errors_for_people(video), served_folder() as folder:
            if not video:
                raise ValueError("There is no video yet. Upload one or record one with the webcam first.")
            result = capture_video(
                video, folder, pipe=get_pipe(), hypotheses=int(hypotheses), guidance_scale=guidance_scale,
                num_inference_steps=int(num_inference_steps), seed=int(seed),
                progress=lambda stage, share: progress(share, desc=STAGES.get(stage, stage)),
            )  # fmt: skip
            shown = _shown(result)
            _keep_only(folder, [*result.files["glb"], *shown[1:-1]])
            return shown

    return capture


def _shown(result: "CaptureResult") -> list:
    """A result as the values of viewer, preview, the four downloads and the summary."""
    files = result.files
    preview = files["preview"][0] if files["preview"] else None
    downloads = [_one_file(files[kind]) for kind in ("glb", "bvh", "npz")]
    return [files["glb"], preview, *downloads, preview, _summary(result)]


def _one_file(paths: list[Path]) -> Path:
    """The file itself, or one ZIP of several."""
    if len(paths) == 1:
        return paths[0]
    archive = paths[0].with_name(f"{paths[0].stem}-{paths[0].suffix[1:]}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in paths:
            zipped.write(path, path.name)
    return archive


def _keep_only(folder: Path, wanted: list[Path | None]) -> None:
    """Remove what nobody can fetch: gradio tidies up the files that it serves and no others."""
    for path in set(folder.iterdir()) - set(wanted):
        path.unlink()


def _summary(result: "CaptureResult") -> str:
    stages = " · ".join(f"{STAGES.get(stage, stage)} {took:.1f} s" for stage, took in result.seconds.items())
    total = sum(took for stage, took in result.seconds.items() if stage != "preview")
    return f"<b>{result.motions[0].seconds:.1f} s of motion in {total:.1f} s</b> &nbsp; {stages}"

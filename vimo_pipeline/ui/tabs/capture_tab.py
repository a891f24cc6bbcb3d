"""The tab "Video → motion": a video in; motions on a timeline, a preview and files out."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..components.own_links import File, Video
from ..components.viewer import MotionViewer
from ..endpoints.capture_endpoint import capture_endpoint
from ..running.cancelling import Cancelling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .greeting import greeting_files
from .rows import download_row, upload_help
from .run_button import RunButton
from .sampling import sampling_controls
from .sending import Sender, motions_of, send_buttons

if TYPE_CHECKING:
    from ...keypoints.cleaning.tracking import Person

EXAMPLE = Path(__file__).parents[3] / "examples" / "example.mp4"
KEYPOINT_FILES = [".npz", ".json"]
ONLY_ONE = [("The only one", 0)]
# Who only moves is not asked for a microphone.
_WEBCAM = {"audio": False, "video": {"width": {"ideal": 1280}, "height": {"ideal": 720}}}


def capture_tab(lender: Lender, *, targets: Sequence[str] = ()) -> Sender:
    """Build the tab inside an open `gr.Blocks`. lender has the pipeline once the first video comes.

    targets: tabs to which a motion can be sent.
    """
    stops = Cancelling()
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            video = Video(
                sources=["upload", "webcam"], label="Video of a person", height=280, elem_id="video",
                webcam_options=gr.WebcamOptions(mirror=False, constraints=_WEBCAM),
            )  # fmt: skip
            upload_help("One person in view, up to 300 MB; the camera may move.")
            example = gr.Button(
                "No video at hand? Try this one", size="sm", visible=EXAMPLE.is_file(), elem_id="example"
            )
            run = RunButton("Capture motion", elem_id="run")
            part = _part()
            sampling = sampling_controls(
                guidance_scale=1,
                hypotheses_help="The likeliest motion first, then others that differ where little is seen.",
                guidance_help="How closely to follow the video; 1 leaves most freedom, much stiffens it.",
            )
        with gr.Column(scale=8, min_width=320):
            viewer = MotionViewer(
                greeting_files(), label="Motion", elem_id="viewer", elem_classes="vimo-stage"
            )
            with gr.Column(visible=False) as results:
                summary = gr.HTML(label="Timings", elem_classes="vimo-summary")
                downloads = _downloads()
                with gr.Row(elem_classes="vimo-send"):
                    choice = gr.Radio(
                        [("1", 0)], value=0, label="Hypothesis", visible=False,
                        info="Which one goes on to the other tabs.",
                    )  # fmt: skip
                    buttons = send_buttons(targets, prefix="send")
                preview = gr.Video(label="Preview", loop=True, height=360, elem_id="preview")
    options = {
        "fn": capture_endpoint(lender, stops), "inputs": [video, *part, *sampling],
        "outputs": [viewer, preview, *downloads, summary], "concurrency_id": "model", "concurrency_limit": 1,
        "show_progress_on": viewer,
    }  # fmt: skip
    filled = example.click(_fill, None, [video, *part], api_visibility="private")
    run.begin(run.button.click, filled.success, show="viewer")
    events = [
        run.button.click(**options, api_name="capture"),
        filled.success(**options, api_visibility="private"),
    ]
    run.end(events, stops)
    for event in events:
        event.success(_reveal, viewer, [results, choice], api_visibility="private")
    return Sender(buttons, [viewer, choice])


def _fill() -> tuple:
    """The example, whole, in place of whatever was chosen: video, keypoints, start, stop and person."""
    with served_folder() as folder:  # gradio serves files from its cache alone
        shutil.copy(EXAMPLE, folder / EXAMPLE.name)
    return str(folder / EXAMPLE.name), None, 0, 0, gr.Dropdown(ONLY_ONE, value=0, visible=False)


def _part() -> list[gr.components.Component]:
    """Keypoints in place of a video, what part of the clip and who, in the order of the arguments."""
    with gr.Accordion("Trim", open=False), gr.Row():
        start = gr.Number(
            0, minimum=0, step=0.1, label="Start", info="Second of the clip to start at.", elem_id="start"
        )
        stop = gr.Number(
            0, minimum=0, step=0.1, label="Stop", info="Second to stop at; 0 is the end.", elem_id="stop"
        )
    with gr.Accordion("Keypoints in place of a video", open=False):
        keypoints = File(
            label="Keypoints (NPZ, OpenPose or AlphaPose JSON)", file_types=KEYPOINT_FILES, height=150,
            elem_id="keypoints",
        )  # fmt: skip
        upload_help("What a pose estimator of your own saw; the video itself is not needed then.")
        person = PersonMenu(
            ONLY_ONE, value=0, label="Person", visible=False, elem_id="person",
            info="Several are seen in this file: whom to follow.",
        )  # fmt: skip
    gr.on([keypoints.upload, keypoints.clear], _people, keypoints, person, api_visibility="private")
    return [keypoints, start, stop, person]


class PersonMenu(gr.Dropdown):
    """Whom to follow: from a program any number, while the page knows whom one can choose from."""

    def preprocess(self, payload: int | str | None) -> int | None:
        """The number of a person; who there is says the file, later."""
        return None if payload is None else int(payload)

    def api_info(self) -> dict[str, Any]:
        """A number, where a menu would list its choices of the moment."""
        return {"type": "integer"}

    def get_block_name(self) -> str:
        """The page draws a menu like any other."""
        return "dropdown"


def _people(path: str | None) -> gr.Dropdown:
    """Whom one can choose from in a keypoints file."""
    from ...keypoints.load import find_people, kind_of

    with errors_for_people(path):
        several = path and kind_of(Path(path)) in ("openpose", "alphapose")
        people = find_people(path) if several else []
    choices = [(_in_words(person), person.index) for person in people] or ONLY_ONE
    return gr.Dropdown(choices, value=0, visible=len(people) > 1)


def _in_words(person: "Person") -> str:
    left, top, right, bottom = person.box
    place = f"first at x {(left + right) // 2}, {bottom - top} pixels tall"
    return f"Person {person.index + 1}: {person.seconds:.1f} s, {place}"


def _reveal(shown: list[str]) -> tuple[gr.Column, gr.Radio]:
    count = len(motions_of(shown))
    numbers = [(str(number + 1), number) for number in range(count)]
    return gr.Column(visible=True), gr.Radio(numbers, value=0, visible=count > 1)


def _downloads() -> list[gr.DownloadButton]:
    buttons = download_row(("GLB", "BVH", "NPZ", "MP4"), prefix="download")
    gr.HTML(
        "GLB opens in Blender, Unity, Unreal and browsers, BVH in any animation tool; NPZ holds SMPL "
        "parameters as AMASS keeps them, MP4 the preview below. Several hypotheses come as one ZIP.",
        elem_classes="vimo-summary",
    )
    return buttons

"""The endpoint `capture`: the work behind the tab "Video → motion"."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ..running.cancelling import Cancelling, Telling
from ..running.lending import Lender
from ..running.serving import errors_for_people, served_folder
from .results import keep_only, one_file
from .sampling_options import sampling_options
from .trimming import trimmed

if TYPE_CHECKING:
    from ...pipelines.capture import CaptureResult

STAGES = {
    "trim": "Cutting out the part",
    "keypoints": "Finding the person",
    "motion": "Imagining the motion",
    "files": "Writing the files",
    "preview": "Drawing the preview",
}


def capture_endpoint(lender: Lender, stops: Cancelling) -> Callable:
    """The function behind the button; its values are those of viewer, preview, downloads and summary."""

    def capture(
        video: str | None = None,
        keypoints: str | None = None,
        start: float = 0,
        stop: float = 0,
        person: int | None = None,
        hypotheses: int = 1,
        guidance_scale: float = 1.0,
        num_inference_steps: int = 5,
        seed: int = 0,
        request: gr.Request = None,
        progress=gr.Progress(),  # noqa: B008  gradio finds the bar by this default
    ):
        """Turn a video of a person into editable 3D motion.

        Args:
            video: a clip with one person in view, of any length; the camera may move.
            keypoints: in place of a video, what was seen in one: a ViMo NPZ, OpenPose or AlphaPose JSON.
            start: second of the clip at which to start.
            stop: second at which to stop; 0 is the end of the clip.
            person: whom to follow when a keypoints file holds several; 0 is seen longest and largest.
            hypotheses: how many different motions to imagine, 1 to 4.
            guidance_scale: how closely to follow the video; 1 is off.
            num_inference_steps: how often the motion is refined.
            seed: of the hypotheses after the first, which is the likeliest.

        Returns:
            The motions as GLB files and the preview beside them; the preview again, an MP4 with the keypoints
            over the video; downloads as GLB, BVH, NPZ and MP4, a ZIP where there are several hypotheses; and
            how long every stage took, as HTML.
        """
        with served_folder() as folder, stops.watched(request, folder) as wish:
            trim = {"start": start or 0, "stop": stop or 0}
            tell = Telling(wish, progress, STAGES)
            options = sampling_options(hypotheses, guidance_scale, num_inference_steps, seed)
            with errors_for_people(video, keypoints):
                source = _source(video, keypoints)
                person = None if person is None else int(person)
                return _captured(source, folder, lender, tell, trim=trim, person=person, **options)

    return capture


def _captured(
    source: str,
    folder: Path,
    lender: Lender,
    tell: Telling,
    *,
    trim: dict[str, float],
    person: int | None,
    **options: Any,
) -> list:
    """Capture a part of a clip into a folder, and keep there what is shown."""
    from ...pipelines.capture import capture

    part = trimmed(source, folder, person=person, tell=partial(tell, "trim"), **trim)
    if part.parent == folder:
        person = None  # the part holds nobody else
    shown = _shown(capture(part, folder, pipe=lender, person=person, progress=tell, **options))
    keep_only(folder, [*shown[0], *shown[1:-1]])
    return shown


def _source(video: str | None, keypoints: str | None) -> str:
    if video and keypoints:
        raise ValueError("There are both a video and keypoints. Remove one of the two.")
    if not video and not keypoints:
        raise ValueError("There is no video yet. Upload one or record one with the webcam first.")
    return video or keypoints


def _shown(result: "CaptureResult") -> list:
    """A result as the values of viewer, preview, the four downloads and the summary."""
    files = result.files
    preview = files["preview"][0] if files["preview"] else None
    downloads = [one_file(files[kind]) for kind in ("glb", "bvh", "npz")]
    figures = [*files["glb"], *filter(None, [preview])]
    return [figures, preview, *downloads, preview, _summary(result)]


def _summary(result: "CaptureResult") -> str:
    stages = " · ".join(f"{STAGES.get(stage, stage)} {took:.1f} s" for stage, took in result.seconds.items())
    total = sum(took for stage, took in result.seconds.items() if stage != "preview")
    length = f"<b>{result.motions[0].seconds:.1f} s of motion in {total:.1f} s</b>"
    return f"{length} &nbsp; {stages}{_unseen(result)}"


def _unseen(result: "CaptureResult") -> str:
    """Where the motion is made up, since nobody was there to be seen."""
    fps = result.keypoints.fps
    spans = ", ".join(f"{start / fps:.1f} to {stop / fps:.1f} s" for start, stop in result.unseen)
    return f"<br>Nobody was seen from {spans}: the motion is made up there." if spans else ""

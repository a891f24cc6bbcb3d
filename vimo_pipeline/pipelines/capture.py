"""From a source to files: what `vimo capture` and the page's first tab do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import torch
from torch import Generator

from ..export.files import save_motions
from ..export.preview import write_preview
from ..keypoints import Keypoints, load_keypoints
from ..keypoints.load import kind_of
from ..motion import Motion
from ..video import read_frames
from ..whole_file import whole_file
from .unseen import Span
from .vimo import ViMoPipeline, ViMoPipelineOutput

Progress = Callable[[str, float], None]  # stage, share done in [0, 1]

PREVIEW_SIDE = 960  # pixels: what the preview shows is smaller still


@dataclass(frozen=True)
class CaptureResult:
    """What was seen, what was imagined, which files hold it and how long each stage took."""

    keypoints: Keypoints
    motions: list[Motion]
    # "glb", "bvh", "npz": one a hypothesis; "keypoints"; "spans"; "preview" may be empty
    files: dict[str, list[Path]]
    seconds: dict[str, float]  # stage -> seconds
    unseen: tuple[Span, ...] = ()  # frames in which nobody was seen: the motions are made up there
    still: tuple[Span, ...] = ()  # of these, what was too long to be made up: the body stands


def capture(
    source: str | Path,
    out: str | Path,
    *,
    pipe: ViMoPipeline,
    hypotheses: int = 1,
    guidance_scale: float | None = None,
    num_inference_steps: int | None = None,
    foot_lock: bool | None = None,
    longest_unseen: float | None = None,
    seed: int = 0,
    person: int | None = None,
    preview: bool = True,
    progress: Progress | None = None,
) -> CaptureResult:
    """Turn a video or a keypoints file into STEM.glb, STEM.bvh, STEM.npz, STEM.keypoints.npz, STEM.spans.json
    (where nobody was seen) and a preview.

    Further hypotheses are named STEM.1.glb and so on. Raises ValueError or FileNotFoundError, and writes
    nothing, when the source cannot be used.
    """
    source, out = Path(source), Path(out)
    clock = _Clock(progress or (lambda stage, share: None))
    with clock.stage("keypoints") as tell:
        seen = load_keypoints(source, person=person, progress=lambda done, total: tell(done / total))
    with clock.stage("motion") as tell:
        chosen = {
            "guidance_scale": guidance_scale,
            "num_inference_steps": num_inference_steps,
            "foot_lock": foot_lock,
            "longest_unseen": longest_unseen,
        }
        output = _imagine(pipe, seen, hypotheses, chosen, seed, tell)
    motions, seen = output.motions, output.keypoints
    out.mkdir(parents=True, exist_ok=True)
    with clock.stage("files"):
        files = save_motions(motions, out, stem=source.stem)
        files["keypoints"] = [out / f"{source.stem}.keypoints.npz"]
        seen.save(files["keypoints"][0])
        files["spans"] = [_write_spans(out / f"{source.stem}.spans.json", output)]
    files["preview"] = []
    if preview:
        with clock.stage("preview") as tell:
            files["preview"] = [_write_preview(source, out, motions, seen, tell)]
    return CaptureResult(seen, motions, files, clock.seconds, output.unseen, output.still)


def _imagine(
    pipe: ViMoPipeline,
    seen: Keypoints,
    hypotheses: int,
    chosen: dict[str, float | None],
    seed: int,
    tell: Callable[[float], None],
) -> ViMoPipelineOutput:
    chosen = {name: value for name, value in chosen.items() if value is not None}  # else the pipeline's own
    return pipe(
        keypoints=seen,
        num_hypotheses=hypotheses,
        generator=Generator().manual_seed(seed),
        callback_on_step_end=partial(_tell_step, tell),
        **chosen,
    )


def _tell_step(
    tell: Callable[[float], None], pipe: ViMoPipeline, step: int, timestep: torch.Tensor, tensors: dict
) -> dict:
    """Of the module and not inside, so that a call of the pipeline can be sent to another process."""
    tell((step + 1) / len(pipe.scheduler.timesteps))
    return {}


def _write_spans(path: Path, output: ViMoPipelineOutput) -> Path:
    """Frames in which nobody was seen, and those of them in which the body stands; last ones not included."""
    spans = {"fps": output.keypoints.fps, "unseen": output.unseen, "still": output.still}
    with whole_file(path) as partial:
        Path(partial).write_text(json.dumps(spans) + "\n", encoding="utf-8")
    return path


def _write_preview(
    source: Path, out: Path, motions: list[Motion], seen: Keypoints, tell: Callable[[float], None]
) -> Path:
    path = out / f"{source.stem}.preview.mp4"
    filmed = kind_of(source) == "video"
    frames = read_frames(source, fps=seen.fps, max_side=PREVIEW_SIDE) if filmed else None
    write_preview(
        path, motions, keypoints=seen, frames=frames, progress=lambda done, total: tell(done / total)
    )
    return path


class _Clock:
    """Times stages and passes on how far each is."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    def stage(self, name: str) -> "_Stage":
        return _Stage(self, name)


class _Stage:
    def __init__(self, clock: _Clock, name: str) -> None:
        self.clock, self.name = clock, name

    def __enter__(self) -> Callable[[float], None]:
        self.start = perf_counter()
        self.clock.progress(self.name, 0.0)
        return self.tell

    def tell(self, share: float) -> None:
        self.clock.progress(self.name, min(1.0, share))

    def __exit__(self, *error: object) -> None:
        self.clock.seconds[self.name] = perf_counter() - self.start
        if error[0] is None:
            self.clock.progress(self.name, 1.0)

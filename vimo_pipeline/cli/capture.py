"""`vimo capture`: a video or keypoints into motion files."""

import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from ..pipelines.capture import CaptureResult, capture
from ..pipelines.unseen import Span
from ..pipelines.vimo import ViMoPipeline
from .loading import load_quietly
from .stage_bars import StageBars


@dataclass(frozen=True)
class Capture:
    """Turn a casual video of a person into editable 3D motion: GLB, BVH, NPZ and a preview."""

    input: tyro.conf.Positional[Path]
    """A video, a keypoints NPZ, a folder of OpenPose JSON files or an AlphaPose JSON."""
    out: Path
    """Folder for the files; it is made when missing."""
    hypotheses: int = 1
    """How many motions to imagine: the likeliest, then others."""
    guidance_scale: float | None = None
    """How closely to follow what was seen; 1 is off. Unless given, the pipeline's default."""
    steps: int | None = None
    """Denoising steps. Unless given, the pipeline's default."""
    foot_lock: bool = False
    """Hold planted feet still; the path follows them and knees give way."""
    longest_unseen: float | None = None
    """Seconds without anybody in the picture that are imagined; for the rest of a longer span the body
    stands. Unless given, the pipeline's default."""
    seed: int = 0
    """Of the motions after the first: the same seed gives the same ones."""
    person: int | None = None
    """Which person, when several are seen: 0 is the one seen longest and largest."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    device: str = "cpu"
    """cpu, cuda, cuda:1, mps, or auto: a CUDA card where there is one."""
    preview: bool = True
    """Write the side-by-side preview video."""

    def run(self) -> None:
        """Capture and say where the files are."""
        pipe = load_quietly(ViMoPipeline, self.model, device=self.device)
        with StageBars() as bars:
            result = capture(
                self.input,
                self.out,
                pipe=pipe,
                hypotheses=self.hypotheses,
                guidance_scale=self.guidance_scale,
                num_inference_steps=self.steps,
                foot_lock=self.foot_lock,
                longest_unseen=self.longest_unseen,
                seed=self.seed,
                person=self.person,
                preview=self.preview,
                progress=bars.show,
            )
        sys.stdout.write(summary(result))


def summary(result: CaptureResult) -> str:
    """What a person wants to know after a capture."""
    seen = result.keypoints
    share = (seen.confidence > 0).any(1).mean()
    lines = [f"\n{len(seen) / seen.fps:.1f} s of motion; the person was seen in {share:.0%} of the frames.\n"]
    lines += [f"  {line}\n" for line in imagined(result)]
    lines += [f"  {path}\n" for paths in result.files.values() for path in paths]
    lines += [f"{stage:>11} {seconds:6.1f} s\n" for stage, seconds in result.seconds.items()]
    return "".join(lines)


def imagined(result: CaptureResult) -> list[str]:
    """Where the motion is made up, in seconds, and where the body only stands."""
    spans = {"nobody seen, so imagined": result.unseen, "too long for that, so the body stands": result.still}
    return [f"{what}: {_in_seconds(where, result.keypoints.fps)}" for what, where in spans.items() if where]


def _in_seconds(spans: tuple[Span, ...], fps: float) -> str:
    return ", ".join(f"{start / fps:.1f} to {stop / fps:.1f} s" for start, stop in spans)

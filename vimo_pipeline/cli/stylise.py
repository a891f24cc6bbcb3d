"""`vimo stylise`: the course of one motion in the manner of another."""

import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import tyro
from torch import Generator

from ..export import load_motion
from ..export.files import save_motions
from ..pipelines.stylise import ViMoStylisePipeline, ViMoStylisePipelineOutput
from .loading import load_quietly


@dataclass(frozen=True)
class Stylise:
    """Slow movement of one motion, detail of another: style transfer without training."""

    input: tyro.conf.Positional[Path]
    """The motion whose course is kept: BVH, GLB, NPZ or PKL."""
    out: Path
    """Folder for the files; it is made when missing."""
    style: Path | None = None
    """The motion whose manner is taken."""
    video: Path | None = None
    """In place of a style motion: a video or keypoints file that shows the manner."""
    strength: int | None = None
    """In how many denoising steps the course is kept; 0 is the style alone. Unless given, all."""
    cutoff: float = 1.0
    """Hertz: slower movement is the motion's, quicker the style's."""
    hypotheses: int = 1
    """How many different motions to imagine."""
    steps: int | None = None
    """Denoising steps. Unless given, the pipeline's default."""
    seed: int = 0
    """The same seed gives the same motions."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    device: str = "cpu"
    """cpu, cuda, cuda:1, mps, or auto: a CUDA card where there is one."""

    def run(self) -> None:
        """Stylise and say where the files are."""
        if (self.style is None) == (self.video is None):
            raise ValueError("say whose manner to take: a motion with --style or a film with --video")
        pipe = load_quietly(ViMoStylisePipeline, self.model, device=self.device)
        result = self._stylise(pipe)
        self.out.mkdir(parents=True, exist_ok=True)
        files = save_motions(result.motions, self.out, stem=f"{self.input.stem}.stylised")
        sys.stdout.write("".join(f"  {path}\n" for path in chain(*files.values())))

    def _stylise(self, pipe: ViMoStylisePipeline) -> ViMoStylisePipelineOutput:
        options = {"num_hypotheses": self.hypotheses, "generator": Generator().manual_seed(self.seed)}
        if self.steps is not None:
            options["num_inference_steps"] = self.steps
        if self.style is not None:
            options["style"] = load_motion(self.style)
        else:
            options["keypoints"] = self.video
        content = load_motion(self.input).resample(pipe.config.fps)
        return pipe(content, strength=self.strength, cutoff=self.cutoff, **options)

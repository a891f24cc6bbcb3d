"""`vimo complete`: a motion file with missing parts into whole ones."""

import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import tyro
from torch import Generator

from ..export import load_motion
from ..export.files import save_motions
from ..export.strip import write_strip
from ..motion import Motion
from ..motion.mask import Mask
from ..pipelines.completion import ViMoCompletionPipeline, ViMoCompletionPipelineOutput
from .loading import load_quietly


@dataclass(frozen=True)
class Complete:
    """Keep what is known of a motion and imagine the rest; or lead one motion into another."""

    input: tyro.conf.Positional[Path]
    """A motion: BVH, GLB, NPZ or PKL. Its frames are counted at 30 a second."""
    out: Path
    """Folder for the files; it is made when missing."""
    keep: str | None = None
    """Frames that are kept whole: 0:30,120:150. All others are imagined."""
    imagine: tuple[str, ...] = ()
    """Imagine these parts alone, outside the frames to keep: left_arm, upper_body, root, a joint, ..."""
    video: Path | None = None
    """A video or keypoints file that shows the missing part."""
    guide_start: int = 0
    """The frame of the motion at which the video starts."""
    blend: Path | None = None
    """A second motion, which the first is led into."""
    overlap: int = 30
    """Frames in which the first goes over into the second."""
    hypotheses: int = 1
    """How many different motions to imagine. In a gap without a video the last of four is calm."""
    draws: int | None = None
    """Motions drawn for each of them; those alike become one. Unless given, 8, and 1 beyond 20 seconds."""
    calming: float | None = None
    """How far the likeliest goes towards a calmer way across gaps, 0 to 1 (0.75); not with a video."""
    steps: int | None = None
    """Denoising steps. Unless given, the pipeline's default."""
    seed: int = 0
    """The same seed gives the same motions."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    device: str = "cpu"
    """cpu, cuda, cuda:1, mps, or auto: a CUDA card where there is one."""
    picture: bool = True
    """Write a picture of before and after."""

    def run(self) -> None:
        """Complete and say what was kept and where the files are."""
        if self.blend and (self.keep or self.imagine):
            raise ValueError("--blend imagines the overlap alone; leave --keep and --imagine out")
        if not (self.blend or self.keep or self.imagine):
            raise ValueError("say what to --keep (0:30,120:150), what to --imagine, or what to --blend into")
        pipe = load_quietly(ViMoCompletionPipeline, self.model, device=self.device)
        result = self._complete(pipe)
        self.out.mkdir(parents=True, exist_ok=True)
        name = f"{self.input.stem}.completed"
        files = list(chain(*save_motions(result.motions, self.out, stem=name).values()))
        if self.picture:
            files.append(self.out / f"{name}.png")
            write_strip(files[-1], result.known, result.motions[0], result.mask.kept.float().mean(1))
        sys.stdout.write("\n".join([str(result.mask), *(f"  {path}" for path in files)]) + "\n")

    def _complete(self, pipe: ViMoCompletionPipeline) -> ViMoCompletionPipelineOutput:
        options = {"num_hypotheses": self.hypotheses, "generator": Generator().manual_seed(self.seed)}
        options |= {"draws": self.draws, "calming": self.calming}
        if self.steps is not None:
            options["num_inference_steps"] = self.steps
        if self.video is not None:
            options |= {"video": self.video, "guide_start": self.guide_start}
        motion = load_motion(self.input).resample(pipe.config.fps)
        if self.blend is not None:
            second = load_motion(self.blend).resample(pipe.config.fps)
            return pipe.blend(motion, second, overlap=self.overlap, **options)
        return pipe(motion, self._mask(motion), **options)

    def _mask(self, motion: Motion) -> Mask:
        mask = Mask.everything(len(motion)).hide(*self.imagine)
        return mask.keep(frames=self.keep) if self.keep else mask

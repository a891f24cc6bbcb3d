"""`ViMoStylisePipeline`: the course of one motion, danced in the manner of another."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from diffusers.utils import BaseOutput
from torch import Generator, Tensor

from ..keypoints import Keypoints
from ..motion import Motion
from ..motion.foot_locking import lock_features
from ..motion.mask import Mask
from ..motion.rotations import heading_angle
from ..motion.smoothing import smooth_features
from .checks import check_numbers, check_strengths
from .completing.filmed_parts import film_known
from .completing.keeping import Known
from .following.guidance import follow
from .low_pass import with_slow_part
from .seen import Seen
from .vimo import ViMoPipeline, first_noise
from .windows import cut_canonical, fuse


@dataclass
class ViMoStylisePipelineOutput(BaseOutput):
    """What `ViMoStylisePipeline` returns."""

    motions: list[Motion] | Tensor
    """One motion a hypothesis, the likeliest first; with output_type="pt" the features, [N, T, 151]."""
    content: Motion
    """The motion whose course they take."""


class ViMoStylisePipeline(ViMoPipeline):
    """Style transfer by ILVR over time (arXiv 2108.02938): slow movement of one motion, detail of another.

    The weights are those of `ViMoPipeline`, and nothing is trained for a style:

        pipe = ViMoStylisePipeline.from_pretrained()  # or .from_pipe(ViMoPipeline.from_pretrained())
        result = pipe(walk, video="proud.mp4", strength=3).motions[0]
    """

    @torch.no_grad()
    def __call__(
        self,
        content: Motion,
        style: Motion | None = None,
        *,
        video: str | Path | None = None,
        keypoints: Keypoints | list[Keypoints] | str | Path | None = None,
        strength: int | None = None,
        cutoff: float = 1.0,
        guidance_scale: float = 1.5,
        lift_strength: float = 0.75,
        reprojection_strength: float = 0.75,
        smoothing: float = 1.5,
        foot_lock: bool = True,
        likeliest_first: bool = True,
        num_inference_steps: int = 5,
        num_hypotheses: int = 1,
        eta: float = 0.0,
        generator: Generator | list[Generator] | None = None,
        output_type: Literal["motion", "pt"] = "motion",
        return_dict: bool = True,
    ) -> ViMoStylisePipelineOutput | tuple:
        """Imagine the style's movement on the content's course.

        content: at the model's fps, standing on the floor y = 0. style, video or keypoints: exactly one, and
        repeated until the content ends. strength: in how many denoising steps, from the first on, the slow
        part of the content replaces that of the prediction: 0 gives the style's own motion, None (all) the
        course of the content. cutoff: what changes at most so many times a second is slow. In steps that
        keep the course, detail follows the picture of the style by lift_strength and reprojection_strength.
        The rest is as in `ViMoPipeline`.
        Raises ValueError or FileNotFoundError for input that cannot be used, saying what to do.
        """
        # 1. What was asked for
        check_numbers(guidance_scale, smoothing, 0.0, num_inference_steps, num_hypotheses, output_type)
        strengths = {"lift_strength": lift_strength, "reprojection_strength": reprojection_strength}
        check_strengths(**strengths)
        strength = num_inference_steps if strength is None else strength
        self._check_content(content, strength, num_inference_steps, cutoff)

        # 2. The content from its own start, and the style as a camera sees it
        device = self._execution_device
        course = content.canonical().pack().to(device)  # [T, 151]
        plan = self._plan(len(content))
        seen = _repeated(self._style(style, video, keypoints), len(content)).to(device)
        condition, sight = self._see(seen.cut(plan))

        # 3. Noise
        draw = self._noise_source(num_hypotheses, len(content), generator)
        latents = plan.cut(first_noise(draw, likeliest_first))  # [N, K, W, 151]
        self.scheduler.set_timesteps(num_inference_steps, device=device)

        # 4. Denoise; the first predictions take the slow part of the content
        for step, timestep in enumerate(self.progress_bar(self.scheduler.timesteps)):
            clean = self._predict(latents, timestep, condition, guidance_scale)
            imagined = self.normaliser.denormalise(clean)
            if step < strength or strength == 0:  # later, the picture would lead back to its own course
                imagined = follow(imagined, sight, **strengths)
            whole, agreed = fuse(imagined, plan)
            clean = self.normaliser.normalise(agreed)
            if step < strength:
                whole = with_slow_part(whole, course, cutoff=cutoff, fps=self.config.fps)
                clean = self.normaliser.normalise(cut_canonical(whole, plan))
            latents = self._step(clean, timestep, latents, eta, plan.cut(draw()) if eta > 0 else None)

        # 5. Calm it, hold planted feet; features -> motions where the content stands
        whole = smooth_features(whole.cpu(), smoothing)
        if foot_lock:
            whole = lock_features(whole, fps=self.config.fps)
        self.maybe_free_model_hooks()
        motions = [_placed(motion, content) for motion in self._motions(whole, "motion")]
        if output_type == "pt":
            motions = torch.stack([motion.pack() for motion in motions])
        output = ViMoStylisePipelineOutput(motions, content)
        return output if return_dict else (motions, content)

    def _check_content(self, content: Motion, strength: int, steps: int, cutoff: float) -> None:
        if content.fps != self.config.fps:
            raise ValueError(
                f"the motion has {content.fps:g} fps and the model {self.config.fps:g}; "
                f"call motion.resample({self.config.fps:g}) first"
            )
        if len(content) < 2:
            raise ValueError("a motion to stylise needs at least 2 frames, got 1")
        if not 0 <= strength <= steps:
            raise ValueError(f"strength must be between 0 and {steps}, all denoising steps, got {strength}")
        if not 0 <= cutoff <= self.config.fps / 2:
            raise ValueError(f"cutoff must be between 0 and {self.config.fps / 2:g} Hz, got {cutoff}")

    def _style(self, style: Motion | None, video: Any, keypoints: Any) -> Seen:
        if sum(each is not None for each in (style, video, keypoints)) != 1:
            raise ValueError("give the style as exactly one of a motion, a video and keypoints")
        if style is not None:
            style = style.resample(self.config.fps)
            if len(style) < 2:
                raise ValueError("a style needs at least 2 frames, got 1")
            return film_known(Known.of(style, Mask.everything(len(style))))
        return Seen.of(self._look(video, keypoints))


def _repeated(seen: Seen, frames: int) -> Seen:
    """The same again and again, every time a new shot, until so many frames are full."""
    index = torch.arange(frames)
    turns, at = index // len(seen.points), index % len(seen.points)
    shots = seen.shots[at] + turns * (int(seen.shots.max()) + 1)
    return Seen(seen.points[at], shots)


def _placed(motion: Motion, content: Motion) -> Motion:
    """A motion from the origin moved to where the content stands and faces in its first frame."""
    turned = motion.turn(float(heading_angle(content.matrices()[0, 0])))
    start = content.root[0] * content.root.new_tensor([1, 0, 1])
    return Motion(turned.rotations, turned.root + start.to(turned.root), turned.contacts, turned.fps)

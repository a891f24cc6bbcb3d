"""`ViMoCompletionPipeline`: what is known of a motion is kept, the rest is imagined."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from diffusers.utils import BaseOutput
from torch import Generator, Tensor

from ..keypoints import Keypoints
from ..motion import Motion
from ..motion.features import MotionFeatures
from ..motion.mask import Mask, features_of
from ..motion.skeleton import CONTACT_JOINTS, NUM_JOINTS
from ..motion.smoothing import smooth_features
from .checks import check_numbers, check_strengths
from .completing.blending import overlapped
from .completing.calm import calm_down, has_calm, shortest_way, usual_calming
from .completing.clusters import LOUDNESS, cluster, draws_of, usual_draws
from .completing.constraints import Reach, check_reaches, reach, root_known
from .completing.feet import hold_feet
from .completing.filmed_parts import film_known, lay_over
from .completing.guide import laid_along
from .completing.interpolating import interpolated
from .completing.keeping import Known, keep
from .completing.telling import Mechanism, Teller
from .following.guidance import follow
from .seen import Seen
from .vimo import ViMoPipeline, first_noise
from .windows import WindowPlan, cut_canonical, fuse


@dataclass
class ViMoCompletionPipelineOutput(BaseOutput):
    """What `ViMoCompletionPipeline` returns."""

    motions: list[Motion] | Tensor
    """One motion a hypothesis, the likeliest first; with output_type="pt" the features, [N, T, 151]."""
    known: Motion
    """The motion that was completed; of a blend, both motions placed."""
    mask: Mask
    """What was kept of it."""


class ViMoCompletionPipeline(ViMoPipeline):
    """Motion completion by diffusion (ViMo, arXiv 2408.06614, section 3.5), guided by a video or not.

    The weights are those of `ViMoPipeline`:

        pipe = ViMoCompletionPipeline.from_pretrained()  # or .from_pipe(ViMoPipeline.from_pretrained())
        whole = pipe(motion, Mask.everything(150).hide(frames="30:120")).motions[0]
        joined = pipe.blend(charlie, michael, overlap=30).motions[0]
    """

    @torch.no_grad()
    def __call__(
        self,
        motion: Motion,
        mask: Mask | str,
        *,
        video: str | Path | None = None,
        keypoints: Keypoints | list[Keypoints] | str | Path | None = None,
        guide_start: int = 0,
        constraints: Sequence[Reach] = (),
        mechanism: Mechanism = "vectorised",
        resampling: int = 1,
        bridged: bool = True,
        film: bool = True,
        guidance_scale: float = 1.0,
        lift_strength: float = 0.75,
        reprojection_strength: float = 0.75,
        smoothing: float = 1.5,
        calming: float | None = None,
        foot_lock: bool = True,
        likeliest_first: bool = True,
        num_inference_steps: int = 5,
        num_hypotheses: int = 1,
        draws: int | None = None,
        eta: float = 0.0,
        generator: Generator | list[Generator] | None = None,
        output_type: Literal["motion", "pt"] = "motion",
        return_dict: bool = True,
    ) -> ViMoCompletionPipelineOutput | tuple:
        """Imagine what a mask does not keep of a motion; what it keeps comes back as it was.

        motion: at the model's fps, standing on the floor y = 0; what the mask hides of it is never looked at.
        mask: a `Mask`, or frames that are kept whole ("0:30,120:150"). video or keypoints: what the missing
        part should look like; their first frame is frame `guide_start` of the motion. constraints: where
        joints have to be. mechanism: how the denoiser is told of known frames, "vectorised" as frames of
        timestep 0 among noisy ones (PTSS), "replacement" as truth noised to the others' level (ViMo, equation
        8). resampling: how often every step is taken (RePaint, Lugmayr et al. 2022). bridged: "vectorised"
        noise lies around the shortest way from what is known before a gap to what is known behind it, and
        not around the mean pose. film: let the encoder see the known parts too, through a virtual camera.
        calming: how far the likeliest goes from what was imagined towards what the delta-interpolator says
        (0.75 unless given), or without one the shortest way (0.25), in gaps between known frames, without a
        video and targets; legs and the path go half as far. 0 is off.
        foot_lock: what is imagined has planted feet held still. draws: how many motions are drawn for each
        hypothesis; those that are alike become one, their mean, so that few hypotheses show what many could
        be. 1 leaves each as drawn, which is the default beyond 20 seconds; up to there it is 8. The likeliest
        is drawn once. Without a video and targets, and where nothing is missing from end to end, the last of
        four hypotheses or more is calm: most of the way from the likeliest to the shortest one. The rest is
        as in `ViMoPipeline`.
        Raises ValueError or FileNotFoundError for input that cannot be used, saying what to do.
        """
        # 1. What was asked for
        check_numbers(guidance_scale, smoothing, 0.0, num_inference_steps, num_hypotheses, output_type)
        draws = usual_draws(len(motion) / motion.fps) if draws is None else draws
        _check_mechanism(mechanism, resampling, draws)
        calming = usual_calming(learned=self.interpolator is not None) if calming is None else calming
        strengths = {"lift_strength": lift_strength, "reprojection_strength": reprojection_strength}
        check_strengths(**strengths, calming=calming)
        mask = Mask.nothing(len(motion)).keep(frames=mask) if isinstance(mask, str) else mask
        guided = video is not None or keypoints is not None
        self._check_known(motion, mask, guided=guided)
        check_reaches(constraints, len(motion))

        # 2. What is known and what was seen of it, by the guide's camera and by a virtual one
        device = self._execution_device
        known = root_known(Known.of(motion, mask, device=device), constraints)
        plan, nothing = self._plan(len(motion)), Seen.nothing(len(motion), device=device)
        guide = self._guide(video, keypoints, mask, guide_start).to(device) if guided else nothing
        filmed = film_known(known) if film else nothing
        condition = self._condition(lay_over(guide, filmed).cut(plan))
        sight = self._see(guide.cut(plan))[1] if guided else None

        # 3. Noise, and a first guess at where windows stand: a body at rest in the gap
        free = likeliest_first and not guided and not constraints
        calm = free and has_calm(num_hypotheses, known)
        options = {"likeliest_first": likeliest_first, "calm_last": calm}
        drawn, generator = draws_of(num_hypotheses, draws, generator, **options)
        draw = self._noise_source(drawn, len(motion), generator)
        noise = LOUDNESS * first_noise(draw, likeliest_first)
        latents = plan.cut(noise)  # [N, K, W, 151]
        clean = self._windows(keep(_at_rest(noise.shape, device=device), known), plan)
        prior = self._prior(known, plan) if bridged and mechanism == "vectorised" else None
        teller = Teller(known, plan, self.scheduler, draw, mechanism, prior)
        self.scheduler.set_timesteps(num_inference_steps, device=device)

        # 4. Denoise: known parts are told before every prediction and pasted into it afterwards
        steps = self.scheduler.timesteps.repeat_interleave(resampling)
        for step, timestep in enumerate(self.progress_bar(steps)):
            latents, times = teller.tell(latents, clean, timestep)
            told = teller.lean(latents, times)
            imagined = self._predict(told, times.clamp(min=0), condition, guidance_scale)
            imagined = self.normaliser.denormalise(imagined)
            imagined = imagined if sight is None else follow(imagined, sight, **strengths)
            imagined, _ = fuse(imagined, plan)
            whole = reach(keep(imagined, known), constraints, known, rounds=1)
            clean = self._windows(whole, plan)
            latents = self._step(clean, timestep, latents, eta, teller.noise() if eta > 0 else None)
            if (step + 1) % resampling:
                latents = teller.step_back(latents, timestep)

        # 5. Calm what was imagined, make one of what is alike, hold feet, reach once more
        whole = keep(smooth_features(imagined, smoothing), known)
        missing = ~known.mask.whole_frames
        whole = cluster(whole, num_hypotheses - calm, missing, likeliest_first=likeliest_first)
        if free:
            way = partial(self._way, known, plan)
            whole = calm_down(whole, way, known, first=calming, last=calm)
        if foot_lock:
            whole = hold_feet(whole, known, fps=self.config.fps)
        whole = reach(whole, constraints, known).cpu()
        self.maybe_free_model_hooks()
        motions = self._motions(whole, output_type)
        output = ViMoCompletionPipelineOutput(motions, motion, mask)
        return output if return_dict else (motions, motion, mask)

    def blend(
        self, first: Motion, second: Motion, *, overlap: int = 30, **options: Any
    ) -> ViMoCompletionPipelineOutput | tuple:
        """One motion that goes over into another, whose frames of overlap are imagined.

        The second is turned and moved to where the first leads. Options as for the call.
        """
        return self(*overlapped(first, second, overlap), **options)

    def _check_known(self, motion: Motion, mask: Mask, *, guided: bool) -> None:
        if motion.fps != self.config.fps:
            raise ValueError(
                f"the motion has {motion.fps:g} fps and the model {self.config.fps:g}; "
                f"masks count frames, so call motion.resample({self.config.fps:g}) first"
            )
        if len(mask) != len(motion):
            raise ValueError(f"the mask is for {len(mask)} frames, but the motion has {len(motion)}")
        if len(motion) < 2:
            raise ValueError("a motion to complete needs at least 2 frames, got 1")
        if mask.kept.all():
            raise ValueError("the mask keeps everything, so there is nothing to imagine; hide some of it")
        if not mask.kept.any():
            unseen = "nothing is known and nothing was seen"
            instead = "the mask keeps nothing; a video alone is for ViMoPipeline"
            raise ValueError(f"{instead if guided else unseen}; keep at least one frame or part")

    def _plan(self, frames: int) -> WindowPlan:
        """As in `ViMoPipeline`; what corrects the bridge has to take a whole window."""
        plan, interpolator = super()._plan(frames), self.interpolator
        if interpolator is not None and plan.length > interpolator.config.max_frames:
            raise ValueError(
                f"the interpolator takes at most {interpolator.config.max_frames} frames and the pipeline's "
                f"windows have {plan.length}; train one with --frames {plan.length}, or do without: "
                "pipe.register_modules(interpolator=None)"
            )
        return plan

    def _guide(self, video: Any, keypoints: Any, mask: Mask, start: int) -> Seen:
        """What a video or keypoints show, laid along the motion's frames."""
        return laid_along(Seen.of(self._look(video, keypoints)), mask, start=start)

    def _windows(self, whole: Tensor, plan: WindowPlan) -> Tensor:
        """Normalised windows, each in its canonical frame. [N, T, 151] -> [N, K, W, 151]."""
        return self.normaliser.normalise(cut_canonical(whole, plan))

    def _way(self, known: Known, plan: WindowPlan) -> Tensor:
        """Where the likeliest motion is drawn to, [1, T, 151]: the shortest way, corrected if it can be."""
        if self.interpolator is None:
            return shortest_way(known)
        return interpolated(known, plan, self.interpolator, self.normaliser)

    def _prior(self, known: Known, plan: WindowPlan) -> Tensor:
        """What the noise lies around, [1, K, W, 151]: the bridge, or the mean pose where nothing is known."""
        somewhere = features_of(known.mask.kept.any(0)[None, None, None])
        return self._windows(known.bridged().pack(), plan) * somewhere


def _at_rest(shape: tuple[int, int, int], *, device: torch.device) -> Tensor:
    """Features of a body in rest pose at the origin, [N, T, 151]."""
    turned = torch.eye(3, device=device).expand(*shape[:2], NUM_JOINTS, 3, 3)
    contacts, root = (torch.zeros(*shape[:2], size, device=device) for size in (len(CONTACT_JOINTS), 3))
    return MotionFeatures(turned, contacts, root).pack()


def _check_mechanism(mechanism: str, resampling: int, draws: int) -> None:
    if mechanism not in get_args(Mechanism):
        raise ValueError(f"mechanism must be one of {', '.join(get_args(Mechanism))}, got {mechanism!r}")
    if not 1 <= resampling <= 100:
        raise ValueError(f"resampling must be between 1 (off) and 100, got {resampling}")
    if not 1 <= draws <= 100:
        raise ValueError(f"draws must be between 1 (each hypothesis as drawn) and 100, got {draws}")

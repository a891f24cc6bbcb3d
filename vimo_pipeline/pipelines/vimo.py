"""`ViMoPipeline`: a casual video or keypoints in, several plausible 3D motions out."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Literal

import torch
from diffusers import DiffusionPipeline
from diffusers.utils import BaseOutput
from diffusers.utils.torch_utils import randn_tensor
from huggingface_hub import create_repo
from torch import Generator, Tensor

from ..keypoints import Keypoints, load_keypoints
from ..keypoints.fusion import fuse_views
from ..keypoints.resampling import resample_keypoints
from ..models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from ..motion import Motion
from ..motion.features import NUM_FEATURES
from ..motion.foot_locking import lock_features
from ..motion.foot_path import led_by_feet
from ..motion.smoothing import smooth_features
from ..schedulers import PTSSScheduler
from .cards.model_card import write_model_card
from .checks import check_callback, check_numbers, check_seconds, check_strengths
from .following.guidance import Sight, follow
from .following.seen_joints import estimate_joints
from .following.steady_camera import steady_camera
from .hub import BUNDLED_WEIGHTS, check_folder, fetch, upload, whole_pipeline
from .ranking import joint_spread, rank
from .seen import Seen
from .turning_apart import knots_of, turn_apart
from .unseen import Span, stand_still, still_spans, unseen_spans
from .windows import WINDOWS_AT_ONCE, WindowPlan, fuse


@dataclass
class ViMoPipelineOutput(BaseOutput):
    """What `ViMoPipeline` returns."""

    motions: list[Motion] | Tensor
    """One motion a hypothesis, the likeliest first; with output_type="pt" the features, [N, T, 151]."""
    keypoints: Keypoints
    """What the motions were imagined from."""
    scores: Tensor | None = None
    """How far each motion's body points lie from their keypoints, [N] in body sizes; rising, but for a
    likeliest one in front."""
    order: Tensor | None = None
    """The number under which each motion was drawn, [N]: `generator[order[0]]` drew the best."""
    spread: Tensor | None = None
    """How far the hypotheses lie apart, [T, 24] metres: where the video says little. None when one."""
    unseen: tuple[Span, ...] = ()
    """Where nobody was seen: first frames and those after the last. There the motions are made up."""
    still: tuple[Span, ...] = ()
    """The parts of those that were too long to be made up: the body stands."""


class ViMoPipeline(DiffusionPipeline):
    """Video to motion by diffusion (ViMo, arXiv 2408.06614), without camera calibration.

    With the weights that come with the package:

        pipe = ViMoPipeline.from_pretrained()
        motion = pipe("dance.mp4").motions[0]
    """

    model_cpu_offload_seq = "transformer"
    _callback_tensor_inputs: ClassVar = ["latents"]
    _optional_components: ClassVar = ["interpolator"]  # completion leans on it; nothing else looks at it

    def __init__(
        self,
        transformer: ViMoTransformer,
        scheduler: PTSSScheduler,
        normaliser: MotionNormaliser,
        interpolator: DeltaInterpolator | None = None,
        fps: float = 30.0,
        overlap: int = 30,
        window: int | None = None,  # frames; None: as many as the transformer takes
    ) -> None:
        super().__init__()
        self.register_modules(
            transformer=transformer, scheduler=scheduler, normaliser=normaliser, interpolator=interpolator
        )
        self.register_to_config(fps=fps, overlap=overlap, window=window)

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: str | Path = BUNDLED_WEIGHTS, **options: Any
    ) -> "ViMoPipeline":
        """Load from a folder or a Hub id; without one, the weights that come with the package.

        No code of a repository is run and no pickle is opened.
        """
        name = str(pretrained_model_name_or_path)
        folder = name if os.path.isdir(name) else cls.download(name, **options)
        check_folder(folder)
        with whole_pipeline(folder):
            return super().from_pretrained(folder, **({"use_safetensors": True} | options))

    @classmethod
    def download(cls, pretrained_model_name: str, **options: Any) -> str:
        """The folder of a pipeline on the Hub; `from_pretrained` calls this for what is not a folder."""
        return fetch(pretrained_model_name, **options)

    def save_pretrained(
        self,
        save_directory: str | Path,
        *,
        push_to_hub: bool = False,
        repo_id: str | None = None,
        private: bool | None = None,
        token: str | None = None,
        commit_message: str = "Upload ViMoPipeline",
        create_pr: bool = False,
        **options: Any,
    ) -> str | None:
        """Save as diffusers does (`variant`, `max_shard_size`) with a model card; a README.md stays as it is.

        With push_to_hub the folder goes to the Hub as well, and the address of the commit comes back.
        """
        folder = Path(save_directory).absolute()  # so that "." has a name
        name = repo_id or folder.name
        if push_to_hub:  # first: the Hub refuses early, and says what the whole name is
            name = create_repo(name, private=private, token=token, exist_ok=True).repo_id
        super().save_pretrained(folder, **options)
        generated = write_model_card(self, folder, name=name)
        if not push_to_hub:
            return None
        # Not diffusers' own pushing, which would lay a card of its own over ours.
        commit = {"token": token, "commit_message": commit_message, "create_pr": create_pr}
        return upload(folder, name, generated_card=generated, **commit)

    def push_to_hub(self, repo_id: str, **options: Any) -> str:
        """Save to the Hub and return the commit's address; options as for `save_pretrained`."""
        with TemporaryDirectory() as folder:
            return self.save_pretrained(folder, push_to_hub=True, repo_id=repo_id, **options)

    @torch.no_grad()
    def __call__(
        self,
        video: str | Path | None = None,
        keypoints: Keypoints | list[Keypoints] | str | Path | None = None,
        *,
        guidance_scale: float = 1.0,
        lift_strength: float = 0.75,
        reprojection_strength: float = 0.75,
        smoothing: float = 1.5,
        follow_feet: bool = True,
        foot_lock: bool = False,
        turn_spread: float = 6.0,
        camera_stays: float = 8.0,
        longest_unseen: float = 5.0,
        likeliest_first: bool = True,
        num_inference_steps: int = 5,
        num_hypotheses: int = 1,
        eta: float = 0.0,
        generator: Generator | list[Generator] | None = None,
        callback_on_step_end: Callable[[Any, int, Tensor, dict], dict] | None = None,
        callback_on_step_end_tensor_inputs: tuple[str, ...] = ("latents",),
        output_type: Literal["motion", "pt"] = "motion",
        return_dict: bool = True,
    ) -> ViMoPipelineOutput | tuple:
        """Imagine motions that look like what was seen.

        video: a file; keypoints: `Keypoints`, several views of the same clip, or a keypoints file; exactly
        one of the two. guidance_scale: 1 is off (the papers' w is this minus 1). lift_strength: how far limbs
        that were seen follow the encoder's own estimate of their depth, and reprojection_strength: how far
        the body is moved to its keypoints; 0 is off. smoothing: deviation in frames of the Gaussian that
        calms the result; 0 is off. follow_feet: the path over the floor is the one on which planted feet
        stand. foot_lock: legs hold them quite still besides (`lock_feet`). turn_spread: deviation, in degrees
        a second, by which hypotheses after the first turn otherwise than predicted, as the camera may have;
        0 is off. camera_stays: in clips longer than a window a camera is not believed to circle round the
        body more slowly than in so many seconds, so headings do not drift; 0 is off. longest_unseen: so many
        seconds without anybody in the picture are imagined; for the rest of a longer span the body stands.
        likeliest_first: the first motion starts from the middle of all noise and so shows the middle of what
        could be; the others are drawn, and follow in the order of their re-projection errors. eta: 0 is DDIM,
        1 is DDPM.
        Raises ValueError or FileNotFoundError for input that cannot be used, saying what to do.

            pipe(keypoints=seen, num_hypotheses=3, generator=torch.Generator().manual_seed(0)).motions
        """
        # 1. What was asked for
        check_numbers(
            guidance_scale, smoothing, turn_spread, num_inference_steps, num_hypotheses, output_type
        )
        strengths = {"lift_strength": lift_strength, "reprojection_strength": reprojection_strength}
        check_strengths(**strengths)
        check_seconds(camera_stays=camera_stays, longest_unseen=longest_unseen)
        check_callback(callback_on_step_end_tensor_inputs, self._callback_tensor_inputs)
        seen = self._look(video, keypoints)

        # 2. What was seen, cut into windows and encoded once for all steps
        device = self._execution_device
        plan = self._plan(len(seen))
        condition, sight = self._see(Seen.of(seen).to(device).cut(plan))

        # 3. Noise, the same in every window that holds a frame
        draw = self._noise_source(num_hypotheses, len(seen), generator)
        latents = plan.cut(first_noise(draw, likeliest_first))  # [N, K, W, 151]
        self.scheduler.set_timesteps(num_inference_steps, device=device)

        # 4. Denoise; after every prediction the windows agree on one motion
        with self.progress_bar(total=num_inference_steps) as progress:
            for step, timestep in enumerate(self.scheduler.timesteps):
                clean = self._predict(latents, timestep, condition, guidance_scale)
                followed = follow(self.normaliser.denormalise(clean), sight, **strengths)
                whole, agreed = fuse(followed, plan)
                fresh = plan.cut(draw()) if eta > 0 else None
                latents = self._step(self.normaliser.normalise(agreed), timestep, latents, eta, fresh)
                if callback_on_step_end is not None:
                    changed = callback_on_step_end(self, step, timestep, {"latents": latents})
                    latents = (changed or {}).pop("latents", latents)
                progress.update()

        # 5. Rank by what was seen, the likeliest turned as predicted and the others a little otherwise
        order, scores = (each.cpu() for each in rank(agreed, sight, likeliest_first=likeliest_first))
        if camera_stays > 0 and len(plan.starts) > 1:
            whole = steady_camera(whole, sight, plan, deviation=camera_stays * self.config.fps)
        rates = self._turn_rates(num_hypotheses, len(seen), turn_spread, generator)[order]
        rates[0] = 0
        whole = turn_apart(smooth_features(whole.cpu()[order], smoothing), rates, fps=self.config.fps)

        # 6. Feet stand where they stand, bodies stand where nobody was seen for long; features -> motions
        if foot_lock:
            whole = lock_features(whole, fps=self.config.fps, follow_feet=follow_feet)
        elif follow_feet:
            whole = led_by_feet(whole, fps=self.config.fps)
        unseen = unseen_spans(seen)
        still = still_spans(unseen, frames=len(seen), limit=longest_unseen * self.config.fps)
        whole = stand_still(whole, still)
        self.maybe_free_model_hooks()
        spread = joint_spread(whole) if num_hypotheses > 1 else None
        motions = self._motions(whole, output_type)
        output = ViMoPipelineOutput(motions, seen, scores, order, spread, unseen, still)
        return output if return_dict else (motions, seen)

    def _look(self, video: str | Path | None, keypoints: Any) -> Keypoints:
        if (video is None) == (keypoints is None):
            raise ValueError("give either a video or keypoints, and not both")
        if video is not None or isinstance(keypoints, str | Path):
            keypoints = load_keypoints(keypoints if video is None else video)
        views = keypoints if isinstance(keypoints, list | tuple) else [keypoints]
        for view in views:
            if not isinstance(view, Keypoints):
                raise ValueError(f"keypoints must be Keypoints or a list of views, got {type(view).__name__}")
        seen = resample_keypoints(fuse_views(list(views)), self.config.fps)
        if len(seen) < 2:
            raise ValueError(f"a motion needs at least 2 frames at {self.config.fps:g} fps, got {len(seen)}")
        if not (seen.confidence > 0).any():
            raise ValueError(f"nobody is seen in any of {len(seen)} frames: every confidence is 0")
        return seen

    def _plan(self, frames: int) -> WindowPlan:
        longest = self.transformer.config.max_frames
        window = self.config.window or longest
        if not 2 <= window <= longest:
            raise ValueError(f"window must be between 2 and the transformer's {longest} frames, got {window}")
        return WindowPlan.cover(frames, window=window, overlap=self.config.overlap)

    def _noise_source(
        self, hypotheses: int, frames: int, generator: Generator | list[Generator] | None
    ) -> Callable[[], Tensor]:
        """Draws noise of whole motions, [N, T, 151], whenever it is called."""
        shape, device = (hypotheses, frames, NUM_FEATURES), self._execution_device
        return partial(randn_tensor, shape, generator=generator, device=device, dtype=torch.float32)

    def _see(self, windows: Seen) -> tuple[Tensor, Sight]:
        """The pose code of every window, [K, W, D], and what predictions are moved towards."""
        points = windows.points.to(self.transformer.dtype)
        joints = [estimate_joints(self.transformer, part) for part in points.split(WINDOWS_AT_ONCE)]
        return self._condition(windows), Sight(windows.points.float(), torch.cat(joints), windows.shots)

    def _condition(self, windows: Seen) -> Tensor:
        """The pose code of every window, [K, W, D]."""
        points = windows.points.to(self.transformer.dtype)
        return torch.cat([self._encode(part) for part in points.split(WINDOWS_AT_ONCE)])

    def _encode(self, points: Tensor) -> Tensor:
        """The pose code, [K, W, D]; the learned one for nothing where a whole window shows nobody."""
        code = self.transformer.encode(points)
        empty = ~(points[..., 2] > 0).flatten(1).any(1)
        return torch.where(empty[:, None, None], self.transformer.null(*code.shape[:2]).to(code), code)

    def _predict(self, latents: Tensor, timestep: Tensor, condition: Tensor, guidance_scale: float) -> Tensor:
        """The clean windows, normalised: [N, K, W, 151] -> the same shape; timestep: one, or [N, K, W]."""
        hypotheses = len(latents)
        flat = latents.flatten(0, 1).split(WINDOWS_AT_ONCE)
        times = timestep.expand(latents.shape[:3]).flatten(0, 1).split(WINDOWS_AT_ONCE)
        conditions = condition.repeat(hypotheses, 1, 1).split(WINDOWS_AT_ONCE)
        clean = [self._guided(*each, guidance_scale) for each in zip(flat, times, conditions, strict=True)]
        return torch.cat(clean).unflatten(0, (hypotheses, -1))

    def _guided(self, latents: Tensor, times: Tensor, condition: Tensor, guidance_scale: float) -> Tensor:
        """Classifier-free guidance: unseen + g (seen - unseen). [B, W, 151] -> the same shape, float32.

        times: [B, W].
        """
        latents = latents.to(condition.dtype)
        if guidance_scale == 1:
            return self.transformer(latents, times, condition=condition).sample.float()
        both = torch.cat([self.transformer.null(*latents.shape[:2]).to(condition.dtype), condition])
        output = self.transformer(latents.repeat(2, 1, 1), times.repeat(2, 1), condition=both)
        unseen, seen = output.sample.float().chunk(2)
        return unseen + guidance_scale * (seen - unseen)

    def _motions(self, whole: Tensor, output_type: str) -> list[Motion] | Tensor:
        """What a call returns: features [N, T, 151] as they are ("pt") or as motions."""
        return whole if output_type == "pt" else [Motion.unpack(one, fps=self.config.fps) for one in whole]

    def _turn_rates(
        self, hypotheses: int, frames: int, spread: float, generator: Generator | list[Generator] | None
    ) -> Tensor:
        """How hypotheses might turn otherwise than predicted, [N, knots] radians a second."""
        shape = (hypotheses, knots_of(frames, self.config.fps))
        device = self._execution_device  # a generator of the GPU draws there only
        rates = randn_tensor(shape, generator=generator, device=device, dtype=torch.float32).cpu()
        return math.radians(spread) * rates

    def _step(
        self, clean: Tensor, timestep: Tensor, latents: Tensor, eta: float, fresh: Tensor | None
    ) -> Tensor:
        """One step of the scheduler for all windows, [N, K, W, 151]; fresh: its noise when eta > 0."""
        noise = None if fresh is None else fresh.flatten(0, 1)
        flat, before = clean.flatten(0, 1), latents.flatten(0, 1)
        return self.scheduler.step(flat, timestep, before, eta=eta, variance_noise=noise).prev_sample.view_as(
            latents
        )


def first_noise(draw: Callable[[], Tensor], likeliest_first: bool) -> Tensor:
    """What denoising starts from, [N, T, 151]; the likeliest motion starts from the middle of all noise."""
    noise = draw()
    if likeliest_first:
        noise[0] = 0
    return noise

"""One training step's loss: noise a clean motion, predict it back, compare in features and in space."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..keypoints.keypoints import COCO_NAMES
from ..losses import (
    LIMB_ENDS,
    foot_contact_loss,
    joint_position_loss,
    path_loss,
    regional_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)
from ..models import MotionNormaliser, ViMoTransformer
from ..motion.features import MotionFeatures, unpack_features
from ..motion.kinematics import forward_kinematics
from ..motion.mask import COLUMNS
from ..schedulers import PTSSScheduler, draw_rolling_timesteps
from .config import TrainConfig
from .gaps import Gaps, bridges_of, draw_gaps, hide_unseen
from .samples import sample
from .schedules import FPS, loss_weights, ptss_probability
from .validation import HeldOut, predict_held_out

_PATH = COLUMNS.index("path")
_CONFIDENCE_OF_ENDS = [COCO_NAMES.index(name) for name in LIMB_ENDS]


class _Noised(NamedTuple):
    """What the network sees of a batch and what its frames weigh."""

    sample: Tensor  # [B, T, 151]
    timesteps: Tensor  # [B, T]
    weights: Tensor  # [B, T]
    keypoints: Tensor  # [B, T, 17, 3]
    pathless: Tensor  # [B, T] bool, where a gap hides the path


@dataclass(frozen=True)
class Objective:
    """ViMo's equation 7 with PTSS timesteps and SNR weights.

    With `prediction="regression"` there is no diffusion: the noisy motion is zeros, its timestep always the
    last, every clip sees its keypoints and all frames weigh the same. Such a model (see `make_model`) does
    not look at noise, so the pipeline samples it as it is, with num_inference_steps=1 and guidance_scale=1.
    """

    config: TrainConfig
    scheduler: PTSSScheduler
    normaliser: MotionNormaliser

    def losses(
        self, model: ViMoTransformer, batch: Batch, *, step: int, generator: Generator
    ) -> dict[str, Tensor]:
        """The weighted parts and their sum "total", scalars. `step` says where the schedules are."""
        clean = self.normaliser.normalise(batch.features)
        noised = self._noised(clean, batch, step, generator)
        output = model(
            noised.sample, noised.timesteps.clamp(min=0), keypoints=noised.keypoints,
            keep=self._keep(batch, generator), mask=batch.mask,
        )  # fmt: skip
        parts = self._compare(output.sample.float(), clean, batch, step=step, noised=noised)
        parts["lift"] = self._lift(output.camera_joints.float(), batch)
        return parts | {"total": sum(parts.values())}

    def held_out(self, model: ViMoTransformer, batch: Batch) -> HeldOut:
        """What one prediction from pure noise makes of clips never trained on."""
        return predict_held_out(model, self.normaliser, batch, last=self._last)

    def imagine(self, model: ViMoTransformer, batch: Batch) -> Tensor:
        """The motions of clips as the model samples them, [B, T, 151], not normalised."""
        steps = 1 if self.config.prediction == "regression" else 10
        return sample(model, self.scheduler, self.normaliser, batch, steps=steps)

    def _noised(self, clean: Tensor, batch: Batch, step: int, generator: Generator) -> _Noised:
        """What the network sees of clean motions, [B, T, 151]."""
        if self.config.prediction == "regression":
            last = torch.full(clean.shape[:2], self._last).to(clean.device)
            alike, nowhere = torch.ones_like(clean[..., 0]), torch.zeros_like(batch.mask)
            return _Noised(torch.zeros_like(clean), last, alike, batch.keypoints, nowhere)
        gaps = self._gaps(*clean.shape[:2], generator=generator)
        timesteps = self._timesteps(*clean.shape[:2], step=step, generator=generator)
        keypoints, kept = batch.keypoints, gaps.kept.to(clean.device)
        timesteps = torch.where(gaps.kept.all((1, 2))[:, None], timesteps, gaps.timesteps).to(clean.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = self.scheduler.add_noise(clean, noise, timesteps)
        if self.config.gaps:
            keypoints = hide_unseen(batch, kept, generator)
            noisy = noisy + self._leaning(batch.features, timesteps, kept)
        weights = self.scheduler.loss_weights(timesteps)
        return _Noised(noisy, timesteps, weights, keypoints, ~kept[..., _PATH])

    def _gaps(self, clips: int, frames: int, *, generator: Generator) -> Gaps:
        """A share of the clips has one; of the others everything is kept."""
        gaps = draw_gaps(clips, frames, last=self._last, generator=generator)
        whole = torch.rand(clips, 1, 1, generator=generator) >= self.config.gaps
        return gaps._replace(kept=gaps.kept | whole)

    def _leaning(self, features: Tensor, timesteps: Tensor, kept: Tensor) -> Tensor:
        """What the noise of gaps lies around, as it is added to the noisy motions, [B, T, 151]."""
        gap = ~kept.all((1, 2))
        leaning = torch.zeros_like(features)
        if not gap.any():
            return leaning
        prior = self.normaliser.normalise(bridges_of(features[gap], kept[gap]))
        leaning[gap] = self.scheduler.lean(prior, timesteps[gap])
        return leaning

    @property
    def _last(self) -> int:
        return self.scheduler.config.num_train_timesteps - 1

    def _timesteps(self, clips: int, frames: int, *, step: int, generator: Generator) -> Tensor:
        """One a frame, [B, T]: most clips at one timestep, some at one a frame, some as in a stream."""
        p = ptss_probability(step, self.config)
        timesteps = self.scheduler.sample_timesteps(clips, frames, p=p, generator=generator)
        if not self.config.rolling:
            return timesteps
        rolling = draw_rolling_timesteps(clips, frames, last=self._last, generator=generator)
        chosen = torch.rand(clips, 1, generator=generator) < self.config.rolling
        return torch.where(chosen, rolling, timesteps)

    def _keep(self, batch: Batch, generator: Generator) -> Tensor:
        drop = 0.0 if self.config.prediction == "regression" else self.config.condition_dropout
        return (torch.rand(len(batch.mask), generator=generator) >= drop).to(batch.mask.device)

    def _compare(
        self, predicted: Tensor, clean: Tensor, batch: Batch, *, step: int, noised: _Noised
    ) -> dict[str, Tensor]:
        motion = unpack_features(self.normaliser.denormalise(predicted))
        meant = unpack_features(batch.features)
        joints, truth = _joints(motion), _joints(meant)
        weights = loss_weights(step, self.config)
        parts = {
            "simple": simple_loss(predicted, clean) * weights.simple,
            "joints": joint_position_loss(joints, truth) * weights.joints,
            "velocity": velocity_loss(joints, truth, fps=FPS) * weights.velocity,
            "foot": foot_contact_loss(joints, motion.contacts, fps=FPS) * weights.foot,
        }
        if self.config.path_weight:
            parts["path"] = path_loss(motion.root, meant.root, noised.pathless) * self.config.path_weight
        if self.config.regional_weight:
            parts["regional"] = self._regional(joints, truth, batch) * weights.joints
        return {name: weighted_mean(loss, noised.weights, batch.mask) for name, loss in parts.items()}

    def _regional(self, joints: Tensor, truth: Tensor, batch: Batch) -> Tensor:
        confidence = batch.keypoints[..., _CONFIDENCE_OF_ENDS, 2]
        threshold = self.config.regional_confidence
        return self.config.regional_weight * regional_position_loss(
            joints, truth, confidence, threshold=threshold
        )

    def _lift(self, camera_joints: Tensor, batch: Batch) -> Tensor:
        loss = joint_position_loss(camera_joints, batch.camera_joints) * self.config.lift_weight
        return weighted_mean(loss, torch.ones_like(loss), batch.mask)


def _joints(motion: MotionFeatures) -> Tensor:
    return forward_kinematics(motion.rotations, motion.root)

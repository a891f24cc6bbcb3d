"""One training step's loss: noise a clean motion, predict it back, compare in features and in space."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..keypoints.keypoints import COCO_NAMES
from ..losses import (
    LIMB_ENDS,
    foot_contact_loss,
    joint_position_loss,
    regional_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)
from ..models import MotionNormaliser, ViMoTransformer
from ..motion.features import MotionFeatures, unpack_features
from ..motion.kinematics import forward_kinematics
from ..schedulers import PTSSScheduler, draw_gap_timesteps, draw_rolling_timesteps
from .config import TrainConfig
from .schedules import FPS, loss_weights, ptss_probability

_UNSEEN_GAPS = 0.75  # share of gaps without keypoints; the others are guided by a video
_CONFIDENCE_OF_ENDS = [COCO_NAMES.index(name) for name in LIMB_ENDS]


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
        noisy, timesteps, frame_weights = self._noised(clean, step, generator)
        keep = self._keep(batch, generator)
        keypoints = self._seen(batch.keypoints, timesteps, generator)
        output = model(noisy, timesteps.clamp(min=0), keypoints=keypoints, keep=keep, mask=batch.mask)
        parts = self._compare(output.sample.float(), clean, batch, step=step, frame_weights=frame_weights)
        parts["lift"] = self._lift(output.camera_joints.float(), batch)
        return parts | {"total": sum(parts.values())}

    def _noised(self, clean: Tensor, step: int, generator: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """What the network sees, [B, T, 151], at which timesteps, and what a frame weighs, both [B, T]."""
        if self.config.prediction == "regression":
            last = torch.full(clean.shape[:2], self.scheduler.config.num_train_timesteps - 1)
            return torch.zeros_like(clean), last.to(clean.device), torch.ones_like(clean[..., 0])
        timesteps = self._timesteps(*clean.shape[:2], step=step, generator=generator).to(clean.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = self.scheduler.add_noise(clean, noise, timesteps)
        return noisy, timesteps, self.scheduler.loss_weights(timesteps)

    def _timesteps(self, clips: int, frames: int, *, step: int, generator: Generator) -> Tensor:
        """One a frame, [B, T]: most clips at one timestep, some at one a frame, as a stream or a gap."""
        p = ptss_probability(step, self.config)
        timesteps = self.scheduler.sample_timesteps(clips, frames, p=p, generator=generator)
        last = self.scheduler.config.num_train_timesteps - 1
        kinds = ((self.config.rolling, draw_rolling_timesteps), (self.config.gaps, draw_gap_timesteps))
        for share, draw in kinds:
            if share:
                drawn = draw(clips, frames, last=last, generator=generator)
                chosen = torch.rand(clips, 1, generator=generator) < share
                timesteps = torch.where(chosen, drawn, timesteps)
        return timesteps

    def _seen(self, keypoints: Tensor, timesteps: Tensor, generator: Generator) -> Tensor:
        """Keypoints, [B, T, 17, 3], of which those in a gap are hidden from most clips: nobody filmed it."""
        if not self.config.gaps:
            return keypoints
        unseen = torch.rand(len(keypoints), 1, generator=generator) < _UNSEEN_GAPS
        hidden = (timesteps < 0).any(1, keepdim=True) & (timesteps >= 0) & unseen.to(timesteps.device)
        return keypoints.masked_fill(hidden[..., None, None], 0.0)

    def _keep(self, batch: Batch, generator: Generator) -> Tensor:
        drop = 0.0 if self.config.prediction == "regression" else self.config.condition_dropout
        return (torch.rand(len(batch.mask), generator=generator) >= drop).to(batch.mask.device)

    def _compare(
        self, predicted: Tensor, clean: Tensor, batch: Batch, *, step: int, frame_weights: Tensor
    ) -> dict[str, Tensor]:
        motion = unpack_features(self.normaliser.denormalise(predicted))
        joints = _joints(motion)
        truth = _joints(unpack_features(batch.features))
        weights = loss_weights(step, self.config)
        parts = {
            "simple": simple_loss(predicted, clean) * weights.simple,
            "joints": joint_position_loss(joints, truth) * weights.joints,
            "velocity": velocity_loss(joints, truth, fps=FPS) * weights.velocity,
            "foot": foot_contact_loss(joints, motion.contacts, fps=FPS) * weights.foot,
        }
        if self.config.regional_weight:
            parts["regional"] = self._regional(joints, truth, batch) * weights.joints
        return {name: weighted_mean(loss, frame_weights, batch.mask) for name, loss in parts.items()}

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

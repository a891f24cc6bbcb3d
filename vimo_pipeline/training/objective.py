"""One training step's loss: noise a clean motion, predict it back, compare in features and in space."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from ..data.batches import Batch
from ..losses import (
    foot_contact_loss,
    joint_position_loss,
    simple_loss,
    velocity_loss,
    weighted_mean,
)
from ..models import MotionNormaliser, ViMoTransformer
from ..motion.features import MotionFeatures, unpack_features
from ..motion.kinematics import forward_kinematics
from ..schedulers import PTSSScheduler
from .config import TrainConfig

FPS = 30.0  # of the packs and of everything the model sees


@dataclass(frozen=True)
class Objective:
    """ViMo's equation 7 with PTSS timesteps and SNR weights."""

    config: TrainConfig
    scheduler: PTSSScheduler
    normaliser: MotionNormaliser

    def losses(self, model: ViMoTransformer, batch: Batch, *, generator: Generator) -> dict[str, Tensor]:
        """The weighted parts and their sum "total", scalars."""
        clean = self.normaliser.normalise(batch.features)
        timesteps = self.scheduler.sample_timesteps(
            *clean.shape[:2], p=self.config.ptss, generator=generator, device=clean.device
        )
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = self.scheduler.add_noise(clean, noise, timesteps)
        keep = self._keep(batch, generator)
        output = model(noisy, timesteps, keypoints=batch.keypoints, keep=keep, mask=batch.mask)
        predicted = output.sample.float()
        parts = self._compare(predicted, clean, batch, self.scheduler.loss_weights(timesteps))
        parts["lift"] = self._lift(output.camera_joints.float(), batch)
        return parts | {"total": sum(parts.values())}

    def _lift(self, camera_joints: Tensor, batch: Batch) -> Tensor:
        loss = joint_position_loss(camera_joints, batch.camera_joints) * self.config.lift_weight
        return weighted_mean(loss, torch.ones_like(loss), batch.mask)

    def _keep(self, batch: Batch, generator: Generator) -> Tensor:
        drop = self.config.condition_dropout
        return (torch.rand(len(batch.mask), generator=generator) >= drop).to(batch.mask.device)

    def _compare(self, predicted: Tensor, clean: Tensor, batch: Batch, weights: Tensor) -> dict[str, Tensor]:
        motion = unpack_features(self.normaliser.denormalise(predicted))
        joints = _joints(motion)
        truth = _joints(unpack_features(batch.features))
        parts = {
            "simple": simple_loss(predicted, clean),
            "joints": joint_position_loss(joints, truth) * self.config.joints_weight,
            "velocity": velocity_loss(joints, truth, fps=FPS) * self.config.velocity_weight,
            "foot": foot_contact_loss(joints, motion.contacts, fps=FPS) * self.config.foot_weight,
        }
        return {name: weighted_mean(loss, weights, batch.mask) for name, loss in parts.items()}


def _joints(motion: MotionFeatures) -> Tensor:
    return forward_kinematics(motion.rotations, motion.root)

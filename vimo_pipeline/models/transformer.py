"""`ViMoTransformer`: predicts a clean motion from a noisy one and from what the camera saw."""

from dataclasses import dataclass
from typing import Literal

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from diffusers.models.embeddings import TimestepEmbedding, Timesteps
from diffusers.utils import BaseOutput
from diffusers.utils.accelerate_utils import apply_forward_hook
from torch import Tensor, nn

from ..motion.features import NUM_FEATURES, ROOT_LEVEL, turn_features
from ..motion.rotations import turn_about_y
from ..motion.skeleton import NUM_JOINTS
from .blocks import DenoisingBlock, EncoderBlock, Places

NUM_KEYPOINTS = 17
PATH_RATE = 30.0  # frames a second: makes rates as large as the other outputs

PRESETS = {
    "small": {"hidden_size": 128, "num_heads": 4},
    # Sampling encodes only once, so a deep encoder costs little.
    "base": {"hidden_size": 192, "num_heads": 6, "num_encoder_layers": 4, "turning": True},
    "big": {"hidden_size": 256, "num_heads": 8},
}


@dataclass
class ViMoTransformerOutput(BaseOutput):
    """What the denoiser predicts."""

    sample: Tensor
    """The clean motion in normalised features, [B, T, 151]."""
    camera_joints: Tensor | None = None
    """Joints from the pelvis along the camera's axes, [B, T, 24, 3] metres; only with keypoints."""


class ViMoTransformer(ModelMixin, ConfigMixin):
    """Three denoising blocks of self-attention, FiLM, cross-attention and MLP (ViMo, section 3.3).

    A light temporal transformer encodes the keypoints; every frame is modulated by its own timestep and its
    own pose code, which is what timesteps of shape [B, T] ask for. The pose code also has to tell where the
    joints are in the camera's axes (`lift`): without that lesson it takes far longer to learn depth.
    """

    @register_to_config
    def __init__(
        self,
        hidden_size: int = 256,
        num_heads: int = 8,
        num_layers: int = 3,
        num_encoder_layers: int = 2,
        mlp_ratio: int = 4,
        max_frames: int = 150,
        film_version: Literal[1, 2] = 1,
        dropout: float = 0.1,
        turning: bool = False,
    ) -> None:
        super().__init__()
        if film_version not in (1, 2):
            raise ValueError(f"film_version is 1 (one shared pair) or 2 (three pairs), got {film_version}")
        self.keypoints_in = nn.Linear(NUM_KEYPOINTS * 3, hidden_size)
        self.motion_in = nn.Linear(NUM_FEATURES, hidden_size)
        self.null_condition = nn.Parameter(torch.randn(hidden_size) * 0.02)
        self.time_sinusoid = Timesteps(hidden_size, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time_embedding = TimestepEmbedding(hidden_size, hidden_size)
        self.encoder = nn.ModuleList(
            EncoderBlock(hidden_size, num_heads, mlp_ratio, dropout) for _ in range(num_encoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(hidden_size)
        self.lift = nn.Linear(hidden_size, NUM_JOINTS * 3)
        self.blocks = nn.ModuleList(
            DenoisingBlock(hidden_size, num_heads, mlp_ratio, dropout, film_version)
            for _ in range(num_layers)
        )
        self.motion_norm = nn.LayerNorm(hidden_size)
        self.motion_out = nn.Linear(hidden_size, NUM_FEATURES)
        if turning:
            self.turn_rate = nn.Linear(hidden_size, 1)
            nn.init.zeros_(self.turn_rate.weight)
            nn.init.zeros_(self.turn_rate.bias)
            self.register_buffer("mean", torch.zeros(NUM_FEATURES))
            self.register_buffer("std", torch.ones(NUM_FEATURES))
        self.places = Places(hidden_size, num_heads, max_frames)

    @apply_forward_hook
    def encode(self, keypoints: Tensor, mask: Tensor | None = None) -> Tensor:
        """The pose code of every frame, [B, T, D]. keypoints: [B, T, 17, 3] normalised; mask: [B, T] real."""
        self._check_length(keypoints.shape[1])
        hidden = self.places(self.keypoints_in(keypoints.flatten(-2)), self.null_condition.dtype)
        for block in self.encoder:
            hidden = block(hidden, self.places.rotary(hidden), mask)
        return self.encoder_norm(hidden)

    def lifted(self, code: Tensor) -> Tensor:
        """Joints from the pelvis along the camera's axes, metres, as the encoder sees them. [B, T, 24, 3]."""
        return self.lift(code).unflatten(-1, (NUM_JOINTS, 3))

    def null(self, batch: int, frames: int) -> Tensor:
        """The learned pose code of having seen nothing, [B, T, D]."""
        return self.null_condition.expand(batch, frames, -1)

    def forward(
        self,
        sample: Tensor,
        timestep: Tensor,
        *,
        condition: Tensor | None = None,
        keypoints: Tensor | None = None,
        keep: Tensor | None = None,
        mask: Tensor | None = None,
        return_dict: bool = True,
    ) -> ViMoTransformerOutput | tuple[Tensor, Tensor | None]:
        """Predict the clean motion, [B, T, 151].

        sample: [B, T, 151] noisy, normalised; timestep: [B] or [B, T]; mask: [B, T], False at padding.
        What was seen is either a ready `condition`, [B, T, D] from `encode` or `null` (sampling encodes once
        for all steps), or `keypoints`, [B, T, 17, 3], of which only the clips in `keep`, [B], are looked at
        (training).
        """
        camera_joints = None
        if condition is None:
            code = self.encode(keypoints, mask)
            camera_joints = self.lifted(code)
            condition = code if keep is None else self._forget(code, keep)
        batch, frames, _ = sample.shape
        self._check_length(frames)
        timestep = timestep if timestep.ndim == 2 else timestep[:, None].expand(batch, frames)
        time = self.time_sinusoid(timestep.flatten()).to(sample.dtype)
        time = self.time_embedding(time).unflatten(0, (batch, frames))  # [B, T, D]
        hidden = self.places(self.motion_in(sample), self.null_condition.dtype)
        modulation = torch.cat([time, condition], -1)  # [B, T, 2D]
        for block in self.blocks:
            hidden = block(hidden, condition, modulation, self.places.rotary(hidden), mask)
        clean = self._read(self.motion_norm(hidden))
        if not return_dict:
            return clean, camera_joints
        return ViMoTransformerOutput(sample=clean, camera_joints=camera_joints)

    def set_units(self, mean: Tensor, std: Tensor) -> None:
        """Of the normalised features, [151] each: to turn a body, metres and rotations have to be known."""
        if self.config.turning:
            self.mean.copy_(mean)
            self.std.copy_(std)

    def _read(self, hidden: Tensor) -> Tensor:
        """The clean motion in what the last block says, [B, T, D] -> [B, T, 151]."""
        features = self.motion_out(hidden).float()
        if self.config.turning:
            heading = sum_rates(self.turn_rate(hidden).float())[..., 0]
            turned = turn_features(features * self.std + self.mean, turn_about_y(heading))
            features = (turned - self.mean) / self.std
        return sum_steps(features)

    def _forget(self, code: Tensor, keep: Tensor) -> Tensor:
        return torch.where(keep[:, None, None], code, self.null(*code.shape[:2]).to(code.dtype))

    def _check_length(self, frames: int) -> None:
        if frames > self.config.max_frames:
            raise ValueError(
                f"this model was built for windows of at most {self.config.max_frames} frames, got {frames}; "
                "the pipeline cuts longer clips into windows"
            )


def sum_steps(features: Tensor) -> Tensor:
    """Read the two numbers of the path over the floor as velocities and sum them up, from 0. [B, T, 151].

    How fast a body walks shows in every frame; where it stands after five seconds is a sum over all of them,
    which attention is bad at: without this the network learned to walk on the spot. With `turning` the
    heading is summed up likewise, and steps are taken in the direction that the body then has.
    """
    level, features = list(ROOT_LEVEL), features.float()  # half precision would turn paths into stairs
    path = sum_rates(features[..., level])
    return features.index_copy(-1, torch.tensor(level, device=features.device), path)


def sum_rates(rates: Tensor) -> Tensor:
    """What was done before each frame at a rate a second, [B, T, D]; 0 in the first frame."""
    return (rates.cumsum(1) - rates) / PATH_RATE

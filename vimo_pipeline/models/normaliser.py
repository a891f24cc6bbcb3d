"""`MotionNormaliser`: features with mean 0 and deviation 1, as the diffusion process expects them."""

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor

from ..motion.features import NUM_FEATURES, ROOT_LEVEL


class MotionNormaliser(ModelMixin, ConfigMixin):
    """Mean and standard deviation of the 151 features; a ModelMixin so that pipelines save and load it."""

    @register_to_config
    def __init__(self, num_features: int = NUM_FEATURES) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("std", torch.ones(num_features))

    @classmethod
    def fit(cls, features: Tensor, *, smallest: float = 0.05) -> "MotionNormaliser":
        """Read mean and deviation off features [..., 151].

        Deviations below `smallest` are raised to it: otherwise numbers that hardly ever move, such as the
        twist of a foot, would be blown up until they outweigh those that matter. The path over the floor
        keeps its origin, where every canonical window starts.
        """
        normaliser = cls(features.shape[-1])
        flat = features.flatten(0, -2)
        normaliser.mean.copy_(flat.mean(0))
        normaliser.mean[list(ROOT_LEVEL)] = 0
        normaliser.std.copy_(flat.std(0).clamp(min=smallest))
        return normaliser

    def normalise(self, features: Tensor) -> Tensor:
        """[..., 151] -> mean 0, deviation 1."""
        return (features - self.mean.float()) / self.std.float()

    def denormalise(self, features: Tensor) -> Tensor:
        """The inverse of `normalise`."""
        return features * self.std.float() + self.mean.float()

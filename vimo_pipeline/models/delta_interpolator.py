"""`DeltaInterpolator`: how a motion departs from the shortest way over what is not known of it."""

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from ..motion.features import NUM_FEATURES
from ..motion.mask import COLUMNS
from ..motion.neighbours import frames_like, neighbours
from .blocks import EncoderBlock, Places

_SECOND = 30.0  # frames
_CLOCKS = 3


class DeltaInterpolator(ModelMixin, ConfigMixin):
    """A temporal transformer whose answer is a difference to the bridge (Oreshkin et al. 2022).

    Untrained it answers with the bridge itself, so all that it ever learns is what slerp gets wrong. There is
    no noise: it says where a motion most likely goes, once, and diffusion says where else it may.
    """

    @register_to_config
    def __init__(
        self,
        hidden_size: int = 192,
        num_heads: int = 6,
        num_layers: int = 4,
        mlp_ratio: int = 4,
        max_frames: int = 150,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.told_in = nn.Linear(NUM_FEATURES + len(COLUMNS) + _CLOCKS, hidden_size)
        self.blocks = nn.ModuleList(
            EncoderBlock(hidden_size, num_heads, mlp_ratio, dropout) for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(hidden_size)
        self.delta_out = nn.Linear(hidden_size, NUM_FEATURES)
        nn.init.zeros_(self.delta_out.weight)
        nn.init.zeros_(self.delta_out.bias)
        self.places = Places(hidden_size, num_heads, max_frames)

    def forward(self, bridge: Tensor, kept: Tensor) -> Tensor:
        """The motion that a bridge stands for, [B, T, 151].

        bridge: [B, T, 151] normalised, see `motion.bridging`; kept: [B, T, 27] bool, columns as in `Mask`.
        Raises ValueError for more frames than the model was built for.
        """
        frames = bridge.shape[1]
        if frames > self.config.max_frames:
            raise ValueError(f"at most {self.config.max_frames} frames at once, got {frames}")
        told = torch.cat([bridge, kept.to(bridge), clocks(kept.all(-1)).to(bridge)], -1)
        dtype = self.told_in.weight.dtype
        hidden = self.places(self.told_in(told.to(dtype)), dtype)
        for block in self.blocks:
            hidden = block(hidden, self.places.rotary(hidden), None)
        return bridge + self.delta_out(self.norm(hidden)).to(bridge.dtype)


def clocks(known: Tensor) -> Tensor:
    """Seconds since the last known frame and until the next, and the share of both. [B, T] bool -> [B, T, 3].

    Where there is none on one side, it lies just outside.
    """
    time, (before, after) = frames_like(known), neighbours(known)
    share = (time - before) / (after - before).clamp(min=1)
    return torch.stack([(time - before) / _SECOND, (after - time) / _SECOND, share], -1)

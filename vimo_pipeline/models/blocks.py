"""The pieces of our networks: where frames stand, attention, FiLM and the two kinds of block."""

import torch
import torch.nn.functional as F
from diffusers.models.embeddings import (
    apply_rotary_emb,
    get_1d_rotary_pos_embed,
    get_1d_sincos_pos_embed_from_grid,
)
from torch import Tensor, nn


class Places(nn.Module):
    """Where frames stand in a window: sinusoids added to what goes in, angles that attention turns by.

    Neither is in the file, and loading with a dtype casts what is: so they are cast where they are read.
    """

    def __init__(self, size: int, heads: int, frames: int) -> None:
        super().__init__()
        cos, sin = get_1d_rotary_pos_embed(size // heads, frames, use_real=True)
        place = get_1d_sincos_pos_embed_from_grid(size, torch.arange(frames), output_type="pt")
        self.register_buffer("turns", torch.stack([cos, sin]).float(), persistent=False)  # [2, T, D / heads]
        self.register_buffer("place", place.float(), persistent=False)  # [T, D]

    def forward(self, hidden: Tensor, dtype: torch.dtype) -> Tensor:
        """Features told apart by their frame, [B, T, D] -> the same shape.

        dtype: that of the weights. What blocks add up keeps it, also where autocast gives less to `hidden`.
        """
        return hidden + self.place[: hidden.shape[1]].to(dtype)

    def rotary(self, hidden: Tensor) -> Tensor:
        """What `Attention` turns queries and keys by, [2, T, D / heads]. hidden: [B, T, D]."""
        return self.turns[:, : hidden.shape[1]].to(hidden.dtype)


class Attention(nn.Module):
    """Multi-head attention whose queries and keys are rotated by their frame (Su et al. 2021)."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(size, size)
        self.key_value = nn.Linear(size, 2 * size)
        self.out = nn.Linear(size, size)

    def forward(self, hidden: Tensor, context: Tensor, rotary: Tensor, mask: Tensor | None) -> Tensor:
        """hidden, context: [B, T, D]; rotary: [2, T, D / heads]; mask: [B, T], False is not attended to."""
        key, value = self.key_value(context).chunk(2, -1)
        query, key, value = (self._split(x) for x in (self.query(hidden), key, value))  # [B, H, T, D / H]
        query, key = (apply_rotary_emb(x, (rotary[0], rotary[1])) for x in (query, key))
        keep = None if mask is None else mask[:, None, None, :]
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=keep)
        return self.out(attended.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class FiLM(nn.Module):
    """Feature-wise linear modulation: the pairs (gamma, beta) for a block (Perez et al. 2018).

    Version 1 shares one pair among the three places of a block, version 2 has a pair for each
    (ViMo-Flow, section 3.3 ii).
    """

    def __init__(self, size: int, version: int) -> None:
        super().__init__()
        self.pairs = 1 if version == 1 else 3
        self.linear = nn.Sequential(nn.SiLU(), nn.Linear(2 * size, 2 * size * self.pairs))

    def forward(self, modulation: Tensor) -> list[tuple[Tensor, Tensor]]:
        """modulation: [B, T, 2D] -> three pairs of [B, T, D]."""
        numbers = self.linear(modulation).chunk(2 * self.pairs, -1)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        return pairs * (3 // self.pairs)


def modulate(hidden: Tensor, pair: tuple[Tensor, Tensor]) -> Tensor:
    """(1 + gamma) * hidden + beta."""
    gamma, beta = pair
    return (1 + gamma) * hidden + beta


class DenoisingBlock(nn.Module):
    """Self-attention, cross-attention to the poses and MLP; the output of each goes through FiLM."""

    def __init__(self, size: int, heads: int, mlp_ratio: int, dropout: float, film_version: int) -> None:
        super().__init__()
        self.film = FiLM(size, film_version)
        self.self_norm, self.cross_norm, self.mlp_norm = (nn.LayerNorm(size) for _ in range(3))
        self.self_attention = Attention(size, heads)
        self.cross_attention = Attention(size, heads)
        self.mlp = feed_forward(size, mlp_ratio)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, hidden: Tensor, condition: Tensor, modulation: Tensor, rotary: Tensor, mask: Tensor | None
    ) -> Tensor:
        """hidden, condition: [B, T, D]; modulation: [B, T, 2D]."""
        after_self, after_cross, after_mlp = self.film(modulation)
        x = self.self_norm(hidden)
        x = self.self_attention(x, x, rotary, mask)
        hidden = hidden + modulate(self.dropout(x), after_self)
        x = self.cross_attention(self.cross_norm(hidden), condition, rotary, mask)
        hidden = hidden + modulate(self.dropout(x), after_cross)
        x = self.mlp(self.mlp_norm(hidden))
        return hidden + modulate(self.dropout(x), after_mlp)


class EncoderBlock(nn.Module):
    """One block of a temporal transformer: over keypoints, and over a bridge."""

    def __init__(self, size: int, heads: int, mlp_ratio: int, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.mlp_norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attention = Attention(size, heads)
        self.mlp = feed_forward(size, mlp_ratio)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, rotary: Tensor, mask: Tensor | None) -> Tensor:
        """hidden: [B, T, D] -> the same shape."""
        x = self.attention_norm(hidden)
        hidden = hidden + self.dropout(self.attention(x, x, rotary, mask))
        return hidden + self.dropout(self.mlp(self.mlp_norm(hidden)))


def feed_forward(size: int, ratio: int) -> nn.Sequential:
    """The MLP of a block."""
    return nn.Sequential(nn.Linear(size, size * ratio), nn.GELU(), nn.Linear(size * ratio, size))

"""Motions to try things on, without a file of one's own."""

from pathlib import Path

import numpy as np
import torch

from ...motion import Motion
from .greeting import greeting

DANCE = Path(__file__).parents[3] / "examples" / "example_truth.npz"


def example_dance() -> Motion:
    """The dance of the example video, written by hand; where examples/ is not installed, the greeting."""
    if not DANCE.is_file():
        return greeting()
    with np.load(DANCE) as arrays:
        parts = [torch.from_numpy(arrays[name]).float() for name in ("rotations", "root", "contacts")]
        return Motion(*parts, fps=float(arrays["fps"]))

"""What the controls of sampling say, as options of the work."""

from typing import Any


def sampling_options(hypotheses: int, guidance_scale: float, steps: int, seed: int) -> dict[str, Any]:
    """Whole numbers as such, for a slider may give a float."""
    return {
        "hypotheses": int(hypotheses), "guidance_scale": guidance_scale,
        "num_inference_steps": int(steps), "seed": int(seed),
    }  # fmt: skip

"""Options that pipelines share, refused at the door when they lie outside what they mean."""


def check_numbers(
    guidance_scale: float, smoothing: float, turn_spread: float, steps: int, hypotheses: int, output_type: str
) -> None:
    """Refuse numbers outside what they mean."""
    check_guidance(guidance_scale)
    check_smoothing(smoothing)
    if not 0 <= turn_spread <= 90:
        raise ValueError(f"turn_spread must be between 0 (off) and 90 degrees a second, got {turn_spread}")
    if not 1 <= steps <= 1000:
        raise ValueError(f"num_inference_steps must be between 1 and 1000, got {steps}")
    if not 1 <= hypotheses <= 64:
        raise ValueError(f"num_hypotheses must be between 1 and 64, got {hypotheses}")
    if output_type not in ("motion", "pt"):
        raise ValueError(f'output_type must be "motion" or "pt", got {output_type!r}')


def check_guidance(guidance_scale: float) -> None:
    """Refuse a scale that turns away from what was seen, or goes far past it."""
    if not 0 <= guidance_scale <= 20:
        raise ValueError(f"guidance_scale must be between 0 and 20 (1 is off), got {guidance_scale}")


def check_smoothing(frames: float) -> None:
    """Refuse a width below nothing or so large that little is left of a movement."""
    if not 0 <= frames <= 10:
        raise ValueError(f"smoothing must be between 0 (off) and 10 frames, got {frames}")


def check_strengths(**strengths: float) -> None:
    """Refuse strengths outside 0 to 1."""
    for name, strength in strengths.items():
        if not 0 <= strength <= 1:
            raise ValueError(f"{name} must be between 0 (off) and 1, got {strength}")


def check_seconds(**lengths: float) -> None:
    """Refuse times below nothing."""
    for name, seconds in lengths.items():
        if not seconds >= 0:
            raise ValueError(f"{name} must be 0 seconds or more, got {seconds}")


def check_callback(wanted: tuple[str, ...], offered: list[str]) -> None:
    """Refuse tensors that the callback cannot be given."""
    unknown = [name for name in wanted if name not in offered]
    if unknown:
        raise ValueError(f"callback_on_step_end_tensor_inputs may name {offered}, got {unknown}")

"""The controls of sampling that every tab has."""

import gradio as gr

MAX_HYPOTHESES = 4


def sampling_controls(
    *, guidance_scale: float, hypotheses_help: str, guidance_help: str
) -> list[gr.components.Component]:
    """Hypotheses, guidance scale, steps and seed, in the order of the endpoints' arguments."""
    hypotheses = gr.Slider(1, MAX_HYPOTHESES, 1, step=1, label="Hypotheses", info=hypotheses_help)
    with gr.Accordion("Fine-tuning", open=False):
        guidance = gr.Slider(1, 6, guidance_scale, step=0.1, label="Guidance scale", info=guidance_help)
        steps = gr.Slider(
            2, 50, 5, step=1, label="Steps",
            info="How often the motion is refined: more take longer and rarely look different beyond 20.",
        )  # fmt: skip
        seed = gr.Number(
            0, precision=0, minimum=0, maximum=2**32 - 1, label="Seed",
            info="Another seed gives other hypotheses after the first, which is the likeliest.",
        )  # fmt: skip
    return [hypotheses, guidance, steps, seed]

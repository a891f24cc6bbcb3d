"""Figure 6 of the ViMo-Flow thesis drawn anew: every loss weight over the chain and the area under it.

Draws docs/snr_weights.png and writes the table of docs/snr_weights.md to the terminal:

    python benchmarks/snr_weights.py
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

from vimo_pipeline.schedulers import PTSSScheduler, snr_weights

FIGURE = Path(__file__).resolve().parents[1] / "docs" / "snr_weights.png"
SCHEDULES = {"linear": "linear", "cosine": "squaredcos_cap_v2"}
CAP = 1.0  # the thesis's areas count every weight up to 1

# (label, name in the registry, gamma, line style)
CURVES = (
    (r"$\mathrm{SNR}$", "snr", 1.0, "C8-"),
    (r"$\max(\mathrm{SNR}, 1)$", "trunc_snr", 1.0, "C3-"),
    (r"$\min(\mathrm{SNR}, 5)$", "min_snr", 5.0, "C0--"),
    (r"$\min(\mathrm{SNR}, 1)$", "min_snr", 1.0, "C0-"),
    (r"$5\,\mathrm{SNR} / (\mathrm{SNR} + 5)$", "soft_min_snr", 5.0, "C9--"),
    (r"$\mathrm{SNR} / (\mathrm{SNR} + 1)$", "soft_min_snr", 1.0, "C9-"),
    (r"$\min(\mathrm{SNR}, 1 - t/T)$", "min_snr_linear_decay", 1.0, "C2-"),
    (r"$\min(\mathrm{SNR}, \sqrt{1 - t/T})$", "min_snr_sqrt_decay", 1.0, "C1-"),
    (r"$\frac{1}{2} [\min(\mathrm{SNR}, 1) + \sqrt{1 - t/T}]$", "average", 1.0, "C4-"),
    ("constant", "constant", 1.0, "k:"),
)


def main() -> None:
    """Draw the figure and write the table."""
    chains = {name: PTSSScheduler(beta_schedule=key).alphas_cumprod for name, key in SCHEDULES.items()}
    draw(chains, FIGURE)
    sys.stdout.write(table(chains))


def draw(chains: dict[str, Tensor], path: Path) -> None:
    """A column for each noise schedule; areas are seen on the linear axis, small weights on the other."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(
        2, len(chains), figsize=(12, 7), sharex=True, sharey="row", layout="constrained"
    )
    for column, (name, alpha_bar) in zip(panels.T, chains.items(), strict=True):
        for panel in column:
            panel.fill_between(
                range(len(alpha_bar)), alpha_bar.sqrt(), color="0.9", label=r"signal $\sqrt{\bar\alpha_t}$"
            )
            panel.plot((1 - alpha_bar).sqrt(), color="0.7", label=r"noise $\sqrt{1 - \bar\alpha_t}$")
            for label, key, gamma, style in CURVES:
                width = 5 if key == "snr" else 1.6  # the others lie on it
                panel.plot(curve(alpha_bar, key, gamma=gamma), style, label=label, linewidth=width)
        column[0].set(title=f"{name} schedule", ylim=(0, 1.4))
        column[1].set(yscale="log", ylim=(1e-3, 30), xlabel="timestep t (0: clean, 999: noise)")
    figure.supylabel("weight of the squared error of x0")
    figure.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside right center", frameon=False)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def table(chains: dict[str, Tensor]) -> str:
    """Markdown: the area under each weight, cut at 1, and the share of timesteps that weigh below 0.01."""
    heads = [f"{what}, {name}" for what in ("area", "idle") for name in chains]
    lines = [f"| weight | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    for label, key, gamma, _ in CURVES:
        weights = [curve(alpha_bar, key, gamma=gamma) for alpha_bar in chains.values()]
        shares = [weight.clamp(max=CAP).mean() for weight in weights]
        shares += [(weight < 0.01).double().mean() for weight in weights]
        lines.append(f"| {label} | " + " | ".join(f"{100 * float(share):.1f} %" for share in shares) + " |")
    return "\n".join(lines) + "\n"


def curve(alpha_bar: Tensor, name: str, *, gamma: float) -> Tensor:
    """The weight of every timestep of a chain, [T]."""
    return snr_weights(alpha_bar, torch.arange(len(alpha_bar)), weighting=name, gamma=gamma)


if __name__ == "__main__":
    main()

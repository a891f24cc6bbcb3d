"""The trade-off of window and overlap as a picture."""

from pathlib import Path

from tables import Table

_SHOWN = ("PA-MPJPE mm", "MPJPE mm", "jitter at borders, % of around", "s a minute")


def draw_grid(table: Table, path: Path) -> None:
    """One panel a figure, one line a window, the overlap along the axis. Rows: "window / overlap"."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(_SHOWN), figsize=(13, 3.2), layout="constrained")
    sizes = {name: tuple(map(int, name.split(" / "))) for name in table.rows}
    for axis, title in zip(axes, _SHOWN, strict=True):
        for window in sorted({window for window, _ in sizes.values()}):
            names = [name for name, size in sizes.items() if size[0] == window]
            mean, low, high = zip(*(table.rows[name][title] for name in names), strict=True)
            overlaps = [sizes[name][1] for name in names]
            (line,) = axis.plot(overlaps, mean, marker="o", label=f"{window} frames")
            if title == _SHOWN[2]:
                axis.fill_between(overlaps, low, high, color=line.get_color(), alpha=0.12)
        axis.set(title=title, xlabel="overlap, frames")
    figure.legend(*axes[0].get_legend_handles_labels(), title="window", loc="outside right upper")
    figure.savefig(path, dpi=80)
    plt.close(figure)

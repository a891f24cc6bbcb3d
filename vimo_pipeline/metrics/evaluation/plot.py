"""An evaluation as a picture: each figure on a scale of its own, beside its band and a statue's."""

import math
from pathlib import Path
from types import ModuleType

from ...whole_file import whole_file
from .evaluate import Evaluation
from .figures import Figure, Group
from .table import number, verdict, with_band

_ROW, _HEAD, _FOOT = 0.30, 0.62, 0.42  # inches: a figure, a heading, the lower edge
_WIDTH = 9.0
_VALUE, _BAND, _BESIDE, _INK, _SOFT = "#0f766e", "#f0c987", "#8a8f98", "#27313a", "#6b7280"
_RIGHT = {"va": "center", "ha": "right"}
_FURTHEST = 4.0  # times what value and band span: what lies beyond is an arrow
_ARROW = 4.0  # times the usual room at an end: for an arrow and its number


def matplotlib_library() -> ModuleType:
    """matplotlib, or how to install it."""
    try:
        import matplotlib
    except ImportError as missing:
        raise ImportError(
            "the plot needs matplotlib: pip install 'vimo-pipeline[evaluate]', or leave it out with --no-plot"
        ) from missing
    return matplotlib


def write_plot(found: Evaluation, path: str | Path) -> None:
    """Write a PNG (or PDF or SVG, by the suffix) with one line a figure, group below group."""
    matplotlib_library()
    from matplotlib.figure import Figure as Page

    inches = sum(_HEAD + _ROW * len(group.figures) for group in found.groups) + _FOOT
    page = Page(figsize=(_WIDTH, inches), layout=None)
    top = inches
    for group in found.groups:
        _heading(page, group, top, inches)
        top -= _HEAD
        for figure in group.figures:
            top -= _ROW
            _strip(page, group, figure, top, inches)
    scales = f"every line has its own scale, | is 0; windows of {found.seconds:g} s, seed {found.seed}"
    page.text(0.02, 0.12 / inches, scales, size=7.5, color=_SOFT)
    with whole_file(path) as partial:
        page.savefig(partial, dpi=160, facecolor="white")


def _heading(page, group: Group, top: float, inches: float) -> None:
    """Its name, and what the colours mean."""
    y = (top - 0.36) / inches
    page.text(0.02, y, group.name, size=11, weight="bold", color=_INK, va="center")
    x = 0.27
    entries = [("o", _VALUE, "value, 95 %")]
    entries += [("s", _BAND, group.against)] if group.against else []
    entries += [("x", _BESIDE, group.beside)] if group.beside else []
    for marker, colour, text in entries:
        axes = page.add_axes((x, y - 0.06 / inches, 0.02, 0.12 / inches))
        axes.plot([0], [0], marker, color=colour, markersize=6)
        axes.axis("off")
        page.text(x + 0.023, y, text, size=8, color=_SOFT, va="center")
        x += 0.05 + 0.0088 * len(text)


def _strip(page, group: Group, figure: Figure, bottom: float, inches: float) -> None:
    """One figure: band, value with its interval, and what is beside, on a scale that holds them."""
    middle = (bottom + _ROW / 2) / inches
    page.text(0.02, middle, figure.name, size=8.5, color=_INK, va="center")
    page.text(0.26, middle, figure.unit, size=7.5, color=_SOFT, va="center", ha="right")
    shown = with_band(figure.value, figure.interval, figure.digits)
    inside = bool(verdict(group, figure))
    page.text(0.70, middle, shown, size=8, color=_SOFT if inside else _INK, va="center")
    if inside:
        page.text(0.985, middle, "not told apart", size=7.5, style="italic", color=_SOFT, **_RIGHT)
    axes = page.add_axes((0.27, (bottom + 0.03) / inches, 0.41, (_ROW - 0.06) / inches))
    _bare(axes)
    if math.isnan(figure.value):
        return
    low, high = _span(figure)
    axes.set_xlim(low, high)
    if figure.band:
        axes.axvspan(figure.band.low, figure.band.high, ymin=0.12, ymax=0.88, color=_BAND, lw=0.8)
        axes.plot([figure.band.mean] * 2, [-0.76, 0.76], color="#b07b1e", lw=1)
    if figure.beside is not None and not math.isnan(figure.beside):
        _mark_beside(axes, figure, low, high)
    if figure.interval:
        axes.plot([figure.interval.low, figure.interval.high], [0, 0], color=_VALUE, lw=1.6)
    axes.plot([0], [0], "|", color=_BESIDE, markersize=5, zorder=1.5)
    axes.plot([figure.value], [0], "o", color=_VALUE, markersize=5)


def _bare(axes) -> None:
    """A base line and nothing else: scales differ from line to line, the numbers stand beside them."""
    axes.set_ylim(-1, 1)
    axes.set_yticks([])
    axes.set_xticks([])
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.axhline(0, color="#e3e5e8", lw=0.8, zorder=0)


def _span(figure: Figure) -> tuple[float, float]:
    """From 0, or below it, to a little beyond value and band; as far as what is beside if that is near."""
    ends = [0.0, figure.value]
    for band in (figure.interval, figure.band):
        ends += [band.low, band.high] if band else []
    low, high = min(ends), max(ends)
    beside = figure.beside if figure.beside is not None and not math.isnan(figure.beside) else figure.value
    if figure.band is None or low - (high - low) < beside <= high * _FURTHEST:
        low, high = min(low, beside), max(high, beside)
    room = 0.06 * (high - low or 1.0)
    before, after = (_ARROW if far else 1.0 for far in (beside < low, beside > high))
    return low - before * room, high + (after + 1) * room


def _mark_beside(axes, figure: Figure, low: float, high: float) -> None:
    if low <= figure.beside <= high:
        axes.plot([figure.beside], [0], "x", color=_BESIDE, markersize=6, mew=1.6)
        return
    edge, side = (high, "right") if figure.beside > high else (low, "left")
    arrow = "{} ▸" if side == "right" else "◂ {}"
    text = arrow.format(number(figure.beside, figure.digits))
    axes.text(edge, 0.0, text, size=7, color=_BESIDE, ha=side, va="center")

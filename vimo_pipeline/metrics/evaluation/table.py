"""An evaluation as a table for a terminal."""

import math
import textwrap
from itertools import chain

from .evaluate import Counts, Evaluation
from .figures import Figure, Group

_LINE = 110  # characters of a note


def as_table(found: Evaluation) -> str:
    """Every figure with its 95 % interval, what it is compared with, and whether it can be told from that."""
    tables = [_group_rows(group) for group in found.groups]
    widths = [max(map(len, column)) for column in zip(*chain(*tables), strict=True)]
    lines = []
    for group, rows in zip(found.groups, tables, strict=True):
        lines += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines += [line for note in group.notes for line in _note(note)] + [""]
    lines += [_count_line("generated", found.generated), _count_line("reference", found.reference)]
    lines += _note(f"windows last {found.seconds:g} s; a rest is dropped, a shorter motion stays whole")
    lines += _note(f"[low, high] holds 95 of 100 repetitions; draws are those of seed {found.seed}")
    for name, counts in (("generated", found.generated), ("reference", found.reference)):
        lines += [f"{name} {file} was left out: {why}" for file, why in counts.unreadable.items()]
    return "\n".join(lines) + "\n"


def number(value: float | None, digits: int) -> str:
    """A figure as it is printed; a dash where there is none."""
    if value is None or math.isnan(value):
        return "-"
    return f"{value:.{digits}f}" if abs(value) < 10_000 else f"{value:.0f}"


def with_band(value: float, band: tuple | None, digits: int) -> str:
    """value [low, high]."""
    shown = number(value, digits)
    return f"{shown} [{number(band.low, digits)}, {number(band.high, digits)}]" if band else shown


def verdict(group: Group, figure: Figure) -> str:
    """What a reader must not read into a figure."""
    if figure.apart is not False:
        return ""
    return f"cannot be told from {group.against.removesuffix(' against itself')}"


def _group_rows(group: Group) -> list[tuple[str, ...]]:
    rows = [(group.name.upper(), "value", group.against, group.beside, "")]
    for figure in group.figures:
        band, beside = figure.band, figure.beside
        row = (
            f"  {figure.name} {figure.unit}".rstrip(),
            with_band(figure.value, figure.interval, figure.digits),
            with_band(band.mean, band, figure.digits) if band else "",
            number(beside, figure.digits) if beside is not None else "",
            verdict(group, figure),
        )
        rows.append(row)
    return rows


def _note(text: str) -> list[str]:
    return textwrap.wrap(text, _LINE, initial_indent="  - ", subsequent_indent="    ")


def _count_line(name: str, counts: Counts) -> str:
    rates = ", ".join(f"{motions} at {fps} fps" for fps, motions in counts.fps.items())
    parts = [
        f"{name}: {counts.motions} motions ({rates}), {counts.seconds:.0f} s, {counts.windows} windows",
    ]
    if counts.shorter:
        parts.append(f"{counts.shorter} shorter than a window")
    if counts.hypotheses > counts.motions:
        parts.append(f"{counts.hypotheses - counts.motions} further hypotheses")
    if counts.copies:
        parts.append(f"{counts.copies} files passed over as the same motion in another format")
    if counts.unreadable:
        parts.append(f"{len(counts.unreadable)} files unreadable")
    return ", ".join(parts) + f"; {counts.source}"

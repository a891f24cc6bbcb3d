"""Tables of figures as Markdown, and where they go in a document."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

Cell = tuple[float, float, float]  # mean and the ends of its interval


@dataclass(frozen=True)
class Table:
    """Rows of named cells."""

    title: str
    digits: dict[str, int]  # of every column, after the point
    rows: dict[str, dict[str, Cell]]
    intervals: int = 2  # so many columns show theirs


def markdown(table: Table) -> str:
    """The table with a heading; in the first columns an interval stands behind the mean."""
    columns = list(table.digits)
    lines = [f"### {table.title}\n", f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, cells in table.rows.items():
        shown = [
            _cell(cells.get(column), table.digits[column], with_interval=place < table.intervals)
            for place, column in enumerate(columns)
        ]
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def rounded(table: Table) -> Table:
    """Three more digits than are shown, so that both show the same; what is not a number becomes None."""
    rows = {
        name: {column: _rounded(cell, table.digits[column] + 3) for column, cell in cells.items()}
        for name, cells in table.rows.items()
    }
    return replace(table, rows=rows)


def _rounded(cell: Cell, digits: int) -> Cell | None:
    return None if math.isnan(cell[0]) else tuple(round(value, digits) for value in cell)


def replace_section(document: Path, name: str, text: str) -> None:
    """Put text between the document's `<!-- name -->` and `<!-- /name -->`."""
    start, stop = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    whole = document.read_text(encoding="utf-8")
    if start not in whole or stop not in whole:
        raise ValueError(f"{document} has no {start.strip()} ... {stop} to put the tables between")
    before, _, rest = whole.partition(start)
    document.write_text(before + start + text + stop + rest.partition(stop)[2], encoding="utf-8")


def _cell(cell: Cell | None, digits: int, *, with_interval: bool) -> str:
    if cell is None or math.isnan(cell[0]):
        return ""
    mean, low, high = (f"{value:.{digits}f}" for value in cell)
    return f"{mean} [{low}, {high}]" if with_interval and low != high else mean

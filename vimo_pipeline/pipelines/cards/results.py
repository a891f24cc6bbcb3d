"""Measured figures in a model card: as tables to read, and as the Hub's own entries to compare by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult

from ...whole_file import read_json, shortened

MAX_RESULTS_BYTES = 16 << 20
# What a card shows of a table of benchmarks/accuracy.py: columns, and the row to compare the default with.
PIXELS, VIRTUAL = "From pixels: ", ("held-out CMU, ", "out of domain, ")
OF_PIXELS = (("PA-MPJPE mm", "jitter m/s³"), "mediapipe's own 3D")
OF_VIRTUAL = (("PA-MPJPE mm", "MPJPE mm", "root path mm", "foot skate m/s", "contact F1"), "mean pose")
_DEFAULT = "the default"  # how the name of the row ends that shows the pipeline as it comes
_COMPARED = "PA-MPJPE mm"

Cell = tuple[float, float, float]  # mean and the ends of its interval


@dataclass(frozen=True)
class Measured:
    """The pipeline's default on one test set, beside something to compare it with."""

    name: str
    cells: dict[str, Cell]
    digits: dict[str, int]
    reference: Cell
    weights: str = ""
    """Fingerprint of those that were measured; empty where nobody noted it."""


@dataclass(frozen=True)
class CardTable:
    """Test sets that share columns and what they are compared with."""

    columns: tuple[str, ...]
    compared_with: str
    rows: list[Measured]

    def markdown(self) -> str:
        """The table; intervals stand behind the means of the first two columns."""
        head = [*self.columns, f"{self.compared_with}: {_COMPARED}"]
        lines = [f"| | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
        for row in self.rows:
            cells = [
                _shown(row.cells[column], row.digits[column], with_interval=place < 2)
                for place, column in enumerate(self.columns)
            ]
            cells.append(_shown(row.reference, row.digits[_COMPARED], with_interval=True))
            lines.append(f"| {row.name} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"


def read_results(path: str | Path) -> list[CardTable]:
    """The figures of a card from a results file of benchmarks/accuracy.py (docs/results.json)."""
    found = read_json(path, max_bytes=MAX_RESULTS_BYTES)
    try:
        pixels = CardTable(*OF_PIXELS, list(_measured(found, (PIXELS,), *OF_PIXELS)))
        virtual = CardTable(*OF_VIRTUAL, list(_measured(found, VIRTUAL, *OF_VIRTUAL)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        wrong = shortened(repr(error))
        raise ValueError(f"{path} is no results file of benchmarks/accuracy.py: {wrong}") from error
    tables = [table for table in (pixels, virtual) if table.rows]
    if not tables:
        raise ValueError(f"{path} holds no table of accuracy; benchmarks/accuracy.py --write makes them")
    return tables


def eval_results(tables: list[CardTable]) -> list[EvalResult]:
    """Errors of joints as the Hub lists them, under `model-index` in the card's front matter."""
    return [
        EvalResult(
            task_type="video-to-motion",
            dataset_type=re.sub(r"\W+", "-", row.name.lower()),
            dataset_name=row.name,
            metric_type=column.removesuffix(" mm").lower(),
            metric_name=column,
            metric_value=round(row.cells[column][0], row.digits[column]),
        )
        for table in tables
        for row in table.rows
        for column in table.columns
        if column.endswith("MPJPE mm")
    ]


def whose_figures(tables: list[CardTable], weights: str) -> str:
    """A sentence that says whether the figures are of the weights with this fingerprint."""
    others = {row.weights for table in tables for row in table.rows} - {weights}
    if not others:
        return f"Measured on these weights, SHA-256 {weights[:12]}."
    if others == {""}:
        return f"Nobody noted on which weights they were measured; these are SHA-256 {weights[:12]}."
    named = ", ".join(sorted(other[:12] or "not noted" for other in others))
    return f"**Measured on other weights**, SHA-256 {named}; these are {weights[:12]}."


def _measured(
    found: dict[str, Any], prefixes: tuple[str, ...], columns: tuple[str, ...], reference: str
) -> Iterator[Measured]:
    for title, table in found.items():
        if not title.startswith(prefixes):
            continue
        name = title.removeprefix(PIXELS)
        default = [row for row in table["rows"] if row.endswith(_DEFAULT)][-1:]
        for row in default:
            cells = {column: _cell(table["rows"][row][column]) for column in columns}
            digits = {column: _digits(table["digits"][column]) for column in columns}
            compared = _cell(table["rows"][reference][_COMPARED])
            yield Measured(name, cells, digits, compared, _hexadecimal(table.get("weights", "")))


def _cell(found: Any) -> Cell:
    mean, low, high = (float(value) for value in found)
    return mean, low, high


def _digits(found: Any) -> int:
    if found not in range(10):
        raise ValueError(f"{found!r} digits after the point")
    return int(found)


def _hexadecimal(found: Any) -> str:
    if not re.fullmatch(r"[0-9a-f]*", found):
        raise ValueError(f"{found!r} as the hash of weights")
    return found


def _shown(cell: Cell, digits: int, *, with_interval: bool) -> str:
    mean, low, high = (f"{value:.{digits}f}" for value in cell)
    return f"{mean} [{low}, {high}]" if with_interval and low != high else mean

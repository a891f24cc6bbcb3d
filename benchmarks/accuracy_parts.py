"""Tables of the shipped pipeline: with its parts switched on one after the other, and its hypotheses."""

import time
from collections.abc import Iterator
from pathlib import Path

from accuracy_rows import Hypotheses, Row, floors, pipeline_rows
from accuracy_scores import COLUMNS, Scores, interval
from accuracy_sets import TestSet
from tables import Cell, Table

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.metrics.calibration import Calibration


def part_tables(pipe: ViMoPipeline, folder: Path, sets: list[TestSet]) -> Iterator[Table]:
    """One table a test set, and how well the spread of hypotheses is calibrated."""
    calibrations = {}
    for seen in sets:
        several = Hypotheses(pipe, seen)
        table = scored(f"{seen.name}, {seen.level}", floors(folder) | dict(pipeline_rows(pipe)), seen)
        table.rows.update({name: as_cells(figures) for name, figures in several.rows().items()})
        calibrations[table.title] = several.calibration()
        yield table
    yield calibration_table(calibrations)


def scored(title: str, rows: dict[str, Row], seen: TestSet) -> Table:
    """One table: every row on one test set, and how long a clip took."""
    table = {}
    for name, row in rows.items():
        start = time.perf_counter()
        figures = row(seen)
        table[name] = as_cells(figures) | {"s a clip": exact((time.perf_counter() - start) / len(seen.seen))}
    return Table(title, {column.title: column.digits for column in COLUMNS} | {"s a clip": 2}, table)


def calibration_table(calibrations: dict[str, Calibration]) -> Table:
    """Whether the spread of eight hypotheses foretells their error."""
    rows = {
        name: {title.replace("_", " "): exact(value) for title, value in figures._asdict().items()}
        for name, figures in calibrations.items()
    }
    columns = [title.replace("_", " ") for title in Calibration._fields]
    return Table("Calibration of the spread of eight hypotheses", dict.fromkeys(columns, 2), rows)


def as_cells(figures: Scores) -> dict[str, Cell]:
    """Mean, low and high of every column."""
    return {title: interval(values) for title, values in figures.items()}


def exact(value: float) -> Cell:
    """A figure without an interval."""
    return value, value, value

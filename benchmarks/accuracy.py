"""How far captured motions are from the truth, on motions never trained on; writes docs/RESULTS.md.

    python benchmarks/accuracy.py --data ../shared/data/mocap --ablations runs/ablations --write

Held-out CMU subjects and, as the out-of-domain test, another studio's actors (Bandai Namco, evaluation only)
are filmed by virtual cameras at three levels of casualness. The bundled example and rendered test motions
are captured from their pixels, beside mediapipe's own 3D landmarks. Intervals are 95 % bootstrap intervals.
"""

import json
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from accuracy_pixels import pixel_tables
from accuracy_rows import Hypotheses, Row, floors, pipeline_rows, trained_row
from accuracy_scores import COLUMNS, Scores, interval
from accuracy_sets import TestSet, virtual_sets
from tables import Cell, Table, markdown, replace_section

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.metrics.calibration import Calibration

RESULTS = Path(__file__).parents[1] / "docs" / "RESULTS.md"


@dataclass(frozen=True)
class Accuracy:
    """What to measure."""

    data: Path | None = None
    """Folder with motion packs; without it only the example is measured."""
    ablations: Path | None = None
    """Folder that benchmarks/ablations.py wrote."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    clips: int = 48
    """Windows drawn from each test set."""
    write: bool = False
    """Put the tables into docs/RESULTS.md and the figures into docs/results.json."""


def main(options: Accuracy) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    tables = []
    for table in all_tables(pipe, options):
        print(markdown(table), flush=True)
        tables.append(table)
    if options.write:
        text = "\n".join([machine(), *map(markdown, tables)])
        replace_section(RESULTS, "accuracy", text)
        figures = {table.title: table.rows for table in tables}
        RESULTS.with_name("results.json").write_text(json.dumps(figures, indent=1) + "\n")


def all_tables(pipe: ViMoPipeline, options: Accuracy) -> Iterator[Table]:
    """The tables in their order; every one is made when it is asked for."""
    yield from pixel_tables(pipe, options.data)
    if options.data is None:
        return
    sets = list(virtual_sets(options.data, options.clips))
    calibrations = {}
    for seen in sets:
        several = Hypotheses(pipe, seen)
        rows = floors(options.data) | dict(pipeline_rows(pipe))
        table = scored(f"{seen.name}, {seen.level}", rows, seen)
        table.rows.update({name: as_cells(figures) for name, figures in several.rows().items()})
        calibrations[table.title] = several.calibration()
        yield table
    yield calibration_table(calibrations)
    if options.ablations is not None:
        models = {run.name: trained_row(run) for run in finished_runs(options.ablations)}
        yield from (scored(f"Ablations: {seen.name}, {seen.level}", models, seen) for seen in sets)


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
    rows = {name: {title: exact(value) for title, value in figures._asdict().items()}
            for name, figures in calibrations.items()}  # fmt: skip
    return Table("Calibration of the spread", dict.fromkeys(Calibration._fields, 2), rows)


def as_cells(figures: Scores) -> dict[str, tuple[float, float, float]]:
    """Mean, low and high of every column."""
    return {title: interval(values) for title, values in figures.items()}


def exact(value: float) -> Cell:
    """A figure without an interval."""
    return value, value, value


def finished_runs(folder: Path) -> list[Path]:
    """Runs that have a result, in order of their names."""
    runs = sorted(path.parent for path in folder.glob("*/final"))
    if not runs:
        raise FileNotFoundError(f"{folder} holds no finished run; train them with benchmarks/ablations.py")
    return runs


def machine() -> str:
    """One line about where this was measured."""
    return f"torch {torch.__version__}, {torch.get_num_threads()} threads, {platform.machine()}.\n"


if __name__ == "__main__":
    main(tyro.cli(Accuracy))

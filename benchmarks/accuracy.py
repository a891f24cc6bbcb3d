"""How far captured motions are from the truth, on motions never trained on; writes docs/RESULTS.md.

    python benchmarks/accuracy.py --data ../shared/data/mocap --ablations runs/ablations --write

Held-out CMU subjects and, as the out-of-domain test, another studio's actors (Bandai Namco, evaluation only)
are filmed by virtual cameras at three levels of casualness. The bundled example and rendered test motions
are captured from their pixels, beside mediapipe's own 3D landmarks. Intervals are 95 % bootstrap intervals.
"""

import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import torch
import tyro
from accuracy_ablations import ablation_tables
from accuracy_kinds import kinds_table
from accuracy_parts import part_tables
from accuracy_pixels import pixel_tables
from accuracy_sets import virtual_sets
from tables import Table, markdown, replace_section, rounded

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.cards.fingerprint import fingerprint

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
    only: tuple[Literal["pixels", "parts", "ablations"], ...] = ("pixels", "parts", "ablations")
    write: bool = False
    """Put the tables into docs/RESULTS.md and docs/results.json; those not measured now stay."""


def main(options: Accuracy) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    for table, weights in all_tables(pipe, options):
        print(markdown(table), flush=True)
        if options.write:
            keep(table, weights=weights)


def all_tables(pipe: ViMoPipeline, options: Accuracy) -> Iterator[tuple[Table, str | None]]:
    """The tables in their order, each made when it is asked for, with the fingerprint of the weights that it
    is about; those of ablations are of several."""
    weights = fingerprint(pipe)
    if "pixels" in options.only:
        yield from ((table, weights) for table in pixel_tables(pipe, options.data))
    if options.data is None:
        return
    sets = list(virtual_sets(options.data, options.clips))
    if "parts" in options.only:
        yield from ((table, weights) for table in part_tables(pipe, options.data, sets))
        yield kinds_table(pipe, options.data), weights
    if "ablations" in options.only and options.ablations is not None:
        yield from ((table, None) for table in ablation_tables(options.ablations, sets))


def keep(table: Table, *, weights: str | None) -> None:
    """Put one table among those already measured, and write all of them into the document."""
    figures = RESULTS.with_name("results.json")
    known = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    known[table.title] = asdict(rounded(table)) | {"measured_with": machine()}
    known[table.title] |= {"weights": weights} if weights else {}
    lines = (f"{json.dumps(title)}: {json.dumps(one)}" for title, one in known.items())
    figures.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    tables = [Table(one["title"], one["digits"], one["rows"]) for one in known.values()]
    replace_section(RESULTS, "accuracy", "\n".join(map(markdown, tables)))


def machine() -> str:
    """What it was measured with."""
    return f"torch {torch.__version__}, {torch.get_num_threads()} threads, {platform.machine()}"


if __name__ == "__main__":
    main(tyro.cli(Accuracy))

"""What ideas and augmentations are worth: the models that `benchmarks/ablations.py` trained."""

import json
from collections.abc import Iterator
from pathlib import Path

from ablations import IDEAS, NONE, Ablations, runs
from accuracy_parts import as_cells
from accuracy_rows import BARE, guided_row, trained_row
from accuracy_scores import COLUMNS, Scores, interval
from accuracy_sets import TestSet
from tables import Cell, Table

GUIDED = "ViMo-Flow + gated regions"  # also sampled with all that the pipeline does
GUIDED_LEVELS = ("moving and noisy", "cuts and occlusion")
PA = "PA-MPJPE mm"
MPJPE = "MPJPE mm"


def ablation_tables(folder: Path, sets: list[TestSet]) -> Iterator[Table]:
    """Ideas on every set, then augmentations alone."""
    done = {
        name: run.output
        for name, run in runs(Ablations("", folder, start_from=folder)).items()
        if (run.output / "final").is_dir()
    }
    if not done:
        raise FileNotFoundError(f"{folder} holds no finished run; train them with benchmarks/ablations.py")
    for seen in sets:
        is_idea = {name: name.partition(", seed")[0] in IDEAS for name in done}
        ideas = {name: trained_row(run)(seen) for name, run in done.items() if is_idea[name]}
        augmented = augmented_rows({name: run for name, run in done.items() if not is_idea[name]}, seen)
        if seen.level in GUIDED_LEVELS:
            ideas |= guided_rows(done, seen)
        if ideas:
            yield idea_table(f"Ideas: {seen.name}, {seen.level}", ideas)
        if NONE in augmented:
            yield augmentation_table(f"Augmentations: {seen.name}, {seen.level}", augmented)


def guided_rows(runs: dict[str, Path], seen: TestSet) -> dict[str, Scores]:
    """`GUIDED` of every seed in the pipeline, without all that it does to follow keypoints and with it."""
    rows = {}
    for name, run in runs.items():
        if name.startswith(f"{GUIDED}, seed"):
            guided = guided_row(run / "final")
            rows[f"{name}, plain pipeline"] = guided(seen, **BARE)
            rows[f"{name}, + lift and re-projection"] = guided(seen)
    return rows


def augmented_rows(runs: dict[str, Path], seen: TestSet) -> dict[str, Scores]:
    """The model that all went on from, and each of them, in the pipeline."""
    if not runs:
        return {}
    start = json.loads((next(iter(runs.values())) / "config.json").read_text(encoding="utf-8"))["start_from"]
    rows = {"before": Path(start)} | {name: run / "final" for name, run in runs.items()}
    return {name: guided_row(folder)(seen) for name, folder in rows.items()}


def idea_table(title: str, scored: dict[str, Scores]) -> Table:
    """All columns, and how far PA-MPJPE is from that of plain ViMo with the same seed."""
    rows = {}
    for name, figures in scored.items():
        seed = name.partition(", seed ")[2][:1]
        plain = scored.get(f"ViMo, seed {seed}", figures)
        rows[name] = {PA: interval(figures[PA]), change_of(PA): change(figures, plain)} | as_cells(figures)
    return Table(title, {PA: 1, change_of(PA): 1} | {column.title: column.digits for column in COLUMNS}, rows)


def augmentation_table(title: str, scored: dict[str, Scores]) -> Table:
    """What each brings to a model that has none; an interval below 0 says that it helps."""
    plain = scored[NONE]
    rows = {
        name: {
            change_of(PA): change(figures, plain),
            change_of(MPJPE): change(figures, plain, MPJPE),
            PA: interval(figures[PA]),
            MPJPE: interval(figures[MPJPE]),
        }
        for name, figures in scored.items()
    }
    return Table(title, {change_of(PA): 1, change_of(MPJPE): 1, PA: 1, MPJPE: 1}, rows)


def change_of(column: str) -> str:
    """Name of the column that tells how far another one is from that of the plain model."""
    return f"change of {column}"


def change(figures: Scores, reference: Scores, column: str = PA) -> Cell:
    """Difference clip by clip."""
    return interval(figures[column] - reference[column])

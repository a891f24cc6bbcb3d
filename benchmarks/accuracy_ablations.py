"""What ideas and augmentations are worth: the models that `benchmarks/ablations.py` trained."""

from collections.abc import Iterator
from pathlib import Path

from ablations import ALL, IDEAS, Ablations, runs
from accuracy_parts import as_cells
from accuracy_rows import BARE, guided_row, trained_row
from accuracy_scores import COLUMNS, Scores, interval
from accuracy_sets import TestSet
from tables import Cell, Table

GUIDED = "ViMo-Flow + gated regions"  # also sampled with all that the pipeline does
GUIDED_LEVEL = "moving and noisy"
PA = "PA-MPJPE mm"
CHANGE = "change of PA mm"
AUGMENTED = (PA, "MPJPE mm", CHANGE)


def ablation_tables(folder: Path, sets: list[TestSet]) -> Iterator[Table]:
    """Ideas on every set, then augmentations left out."""
    done = {
        name: run.output
        for name, run in runs(Ablations("", folder, start_from=folder)).items()
        if (run.output / "final").is_dir()
    }
    if not done:
        raise FileNotFoundError(f"{folder} holds no finished run; train them with benchmarks/ablations.py")
    for seen in sets:
        scored = {name: trained_row(run)(seen) for name, run in done.items()}
        ideas = {name: figures for name, figures in scored.items() if name.partition(", seed")[0] in IDEAS}
        augmented = {name: figures for name, figures in scored.items() if name not in ideas}
        if seen.level == GUIDED_LEVEL and f"{GUIDED}, seed 0" in done:
            guided = guided_row(done[f"{GUIDED}, seed 0"])
            ideas[f"{GUIDED}, seed 0, plain pipeline"] = guided(seen, **BARE)
            ideas[f"{GUIDED}, seed 0, + lift and re-projection"] = guided(seen)
        yield idea_table(f"Ideas: {seen.name}, {seen.level}", ideas)
        if ALL in augmented:
            whole = augmented.pop(ALL)
            yield augmentation_table(f"Augmentations: {seen.name}, {seen.level}", whole, augmented)


def idea_table(title: str, scored: dict[str, Scores]) -> Table:
    """All columns, and how far PA-MPJPE is from that of plain ViMo with the same seed."""
    rows = {}
    for name, figures in scored.items():
        seed = name.partition(", seed ")[2][:1]
        plain = scored.get(f"ViMo, seed {seed}", figures)
        rows[name] = {PA: interval(figures[PA]), CHANGE: change(figures, plain)} | as_cells(figures)
    return Table(title, {PA: 1, CHANGE: 1} | {column.title: column.digits for column in COLUMNS}, rows)


def augmentation_table(title: str, whole: Scores, less: dict[str, Scores]) -> Table:
    """What is lost without each of them; an interval above 0 says that it helps."""
    rows = {ALL: {PA: interval(whole[PA]), "MPJPE mm": interval(whole["MPJPE mm"])}}
    for name, figures in less.items():
        rows[name] = {
            PA: interval(figures[PA]),
            "MPJPE mm": interval(figures["MPJPE mm"]),
            CHANGE: change(figures, whole),
        }
    return Table(title, {PA: 1, CHANGE: 1, "MPJPE mm": 1}, rows)


def change(figures: Scores, reference: Scores) -> Cell:
    """Difference of PA-MPJPE clip by clip."""
    return interval(figures[PA] - reference[PA])

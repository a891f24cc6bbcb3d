"""`training.json` beside weights, how they were made, and what a model card says of it."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ...whole_file import read_json, shortened

FILE = "training.json"
MAX_BYTES = 1 << 20
_COLUMNS = {"data": ("name", "clips", "minutes", "licence"), "runs": ("command", "steps", "recipe")}


@dataclass(frozen=True)
class TrainingFacts:
    """What the maker of weights knows. Runs are in the order in which they followed one another."""

    title: str
    licence: str = ""
    """Of the weights, as the Hub abbreviates it: apache-2.0. Empty: not stated."""
    data: list[dict[str, Any]] = field(default_factory=list)
    """Rows of `name`, `clips`, `minutes`, `licence`."""
    runs: list[dict[str, str]] = field(default_factory=list)
    """Rows of `command`, `steps`, `recipe`."""
    data_note: str = ""
    keypoints: str = ""
    """What stood for the keypoints of a video."""
    hours: str = ""
    notes: str = ""
    """What a reader who repeats it has to know besides."""
    measured_on: str = ""
    """What the test sets of the figures are."""
    limits: str = ""
    """What cannot be expected of these weights in particular."""

    def __post_init__(self) -> None:
        for one in fields(self):
            value, columns = getattr(self, one.name), _COLUMNS.get(one.name)
            if columns is None and not isinstance(value, str):
                raise ValueError(f"{one.name} must be words, not {shortened(repr(value))}")
            if columns is not None and not _is_table(value, columns):
                raise ValueError(f"{one.name} must be a list of rows with {', '.join(columns)}")

    def markdown(self) -> str:
        """The training section: a table, then the commands."""
        data = "; ".join(
            f"{row['name']} ({row['clips']} clip{'' if row['clips'] == 1 else 's'}, {row['minutes']} minutes)"
            for row in self.data
        )
        rows = [
            ("data", f"{data}. {self.data_note}".strip()),
            ("licences", "; ".join(f"{row['name']}: {row['licence']}" for row in self.data)),
            ("keypoints", self.keypoints),
            *((f"run {number}", self._run(number)) for number in range(1, len(self.runs) + 1)),
            ("hours", self.hours),
        ]
        lines = ["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows if text)]
        commands = "\n".join(str(row["command"]) for row in self.runs)
        after = [f"\n{self.notes}"] if self.notes else []
        return "\n".join([*lines, "", "```bash", commands, "```", *after]) + "\n"

    def _run(self, number: int) -> str:
        """Steps and, where it differs from that of the run before, the recipe."""
        run, before = self.runs[number - 1], self.runs[number - 2] if number > 1 else {"recipe": ""}
        steps = f"steps: {run['steps']}"
        return (
            f"{steps}; {run['recipe']}" if run["recipe"] != before["recipe"] else f"{steps}; the same recipe"
        )


def read_training(folder: str | Path) -> TrainingFacts | None:
    """The facts beside weights, or None where nobody wrote them down."""
    path = Path(folder) / FILE
    if not path.is_file():
        return None
    found = read_json(path, max_bytes=MAX_BYTES)
    known = [one.name for one in fields(TrainingFacts)]
    if not isinstance(found, dict) or set(found) - set(known):
        raise ValueError(f"{path} must hold an object with some of {', '.join(known)}")
    try:
        return TrainingFacts(**found)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} cannot be read: {shortened(error)}") from error


def _is_table(value: Any, columns: tuple[str, ...]) -> bool:
    """Whether it is rows that have words or numbers in these columns."""
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(isinstance(row.get(name), str | int | float) for name in columns)
        for row in value
    )

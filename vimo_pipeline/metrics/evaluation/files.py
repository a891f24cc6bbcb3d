"""An evaluation as JSON: everything, to the last digit."""

import json
import math
from dataclasses import asdict
from pathlib import Path

from ...whole_file import whole_file
from ..distribution import Floor, Interval
from .evaluate import Evaluation


def write_json(found: Evaluation, path: str | Path) -> None:
    """Write all fields of the evaluation; what is not a number is null."""
    with whole_file(path) as partial:
        text = json.dumps(_plain(asdict(found)), indent=1, allow_nan=False)
        partial.write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> object:
    match value:
        case Interval() | Floor():
            return {name: _plain(part) for name, part in value._asdict().items()}
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case float() if not math.isfinite(value):
            return None
    return value

"""The program `vimo`: which command is asked for, and what is said when it cannot be done."""

import logging
import sys

import tyro

from .capture import Capture
from .complete import Complete
from .evaluate import Evaluate
from .export import Export
from .prepare import Prepare
from .stylise import Stylise

COMMANDS = {
    "capture": Capture, "complete": Complete, "evaluate": Evaluate, "export": Export, "prepare": Prepare,
    "stylise": Stylise,
}  # fmt: skip


def main() -> None:
    """Run a command; a mistake in the input is one sentence and exit status 2, not a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    command = tyro.extras.subcommand_cli_from_dict(COMMANDS, prog="vimo")
    try:
        command.run()
    except (ValueError, FileNotFoundError, ImportError) as error:
        sys.stderr.write(f"vimo: {error}\n")
        sys.exit(2)

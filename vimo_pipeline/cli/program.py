"""The program `vimo`: which command is asked for, and what is said when it cannot be done."""

import logging
import sys
from io import TextIOWrapper

import tyro

from .capture import Capture
from .complete import Complete
from .evaluate import Evaluate
from .export import Export
from .prepare import Prepare
from .push import Push
from .stream import Stream
from .stylise import Stylise

COMMANDS = {
    "capture": Capture, "complete": Complete, "evaluate": Evaluate, "export": Export, "prepare": Prepare,
    "push": Push, "stream": Stream, "stylise": Stylise,
}  # fmt: skip


def main() -> None:
    """Run a command; a mistake in the input is one sentence and exit status 2, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # not every terminal has letters for units and names of files
            stream.reconfigure(errors="replace")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    command = tyro.extras.subcommand_cli_from_dict(COMMANDS, prog="vimo")
    try:
        command.run()
    except (ValueError, FileNotFoundError, ImportError, ConnectionError) as error:
        sys.stderr.write(f"vimo: {error}\n")
        sys.exit(2)

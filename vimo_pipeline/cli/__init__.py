"""`vimo`: the command line. A command is a dataclass in a file of its own; help is made from its fields."""

from .program import main

__all__ = ["main"]

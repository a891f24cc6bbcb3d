"""All metrics of a set of motions at once: what `vimo evaluate` prints, writes and draws."""

from .evaluate import Counts, Evaluation, evaluate, windows
from .figures import Figure, Group
from .files import write_json
from .motion_sets import MotionSet, read_motions
from .plot import matplotlib_library, write_plot
from .table import as_table

__all__ = [
    "Counts",
    "Evaluation",
    "Figure",
    "Group",
    "MotionSet",
    "as_table",
    "evaluate",
    "matplotlib_library",
    "read_motions",
    "windows",
    "write_json",
    "write_plot",
]

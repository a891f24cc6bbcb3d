"""What must hold while a stranger's file is read: no crash, no code, no hang, no flood of memory."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any

TIMES = int(os.environ.get("VIMO_FUZZ", "1"))  # as many inputs as the suite has by itself
MAX_SECONDS = 10
MAX_MEMORY = 3 << 30
TRAP = "trap"  # the name of the file that a payload would make


class Hang(BaseException):
    """Nothing that a reader catches."""


def survives(read: Callable[[Path], Any], path: Path) -> str:
    """What the reader said, "" if it read something. Anything else than our own clear errors is passed on.

    Clear: a plain ValueError or FileNotFoundError that names the file, or the folder that it is in.
    """
    start = process_time()
    with limited(MAX_SECONDS):
        said = _said(read, path)
    assert process_time() - start < MAX_SECONDS
    return said


def _said(read: Callable[[Path], Any], path: Path) -> str:
    try:
        read(path)
    except (ValueError, FileNotFoundError) as error:
        said = str(error)
        assert type(error) in (ValueError, FileNotFoundError), f"{type(error)} is not ours: {said}"
        assert path.name in said, f"{path.name} is not named: {said}"
        assert 0 < len(said) < 2000, f"a message of {len(said)} characters"
        return said
    return ""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise `Hang` after so much time of the processor, where the system has an alarm for it; in ten times
    as many seconds on the clock, since others may want the processor, too."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise Hang(f"no answer in {seconds} s")

    clocks = {
        signal.ITIMER_PROF: (signal.SIGPROF, seconds),
        signal.ITIMER_REAL: (signal.SIGALRM, 10 * seconds),
    }
    before = {alarm: signal.signal(alarm, ring) for alarm, _ in clocks.values()}
    for clock, (_, limit) in clocks.items():
        signal.setitimer(clock, limit)
    try:
        yield
    finally:
        for clock, (alarm, _) in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(alarm, before[alarm])


def forget_peak() -> None:
    """Begin to measure `peak_memory` anew, where the system lets us."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory() -> int:
    """The most bytes that this process had in memory since `forget_peak`; 0 where it is unknown."""
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))

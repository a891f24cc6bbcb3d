"""A program that runs `vimo` or a training in a process of its own, and kills it with SIGKILL when it is
about to do the n-th thing to the files of a folder.

Each line of its input is an order in JSON, each line of its output what became of it: the exit status, -9 for
killed. What takes long to import is imported once.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from vimo_pipeline.cli import main
from vimo_pipeline.data.prepared import datasets_library
from vimo_pipeline.training import TrainConfig, train

LONGEST = 120  # seconds of an order; then it dies of another signal
DEEDS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir")  # audit events that change files


def kill_at(deed: int, folder: str) -> None:
    """Die before the deed of this number; 0 is never."""
    done = 0

    def watch(event: str, arguments: tuple) -> None:
        nonlocal done
        if event not in DEEDS or not str(os.fspath(arguments[0])).startswith(folder):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        done += 1
        if done == deed:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def obey(order: dict) -> None:
    """Run what is asked for."""
    signal.alarm(LONGEST)
    os.dup2(os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    os.dup2(2, 1)
    kill_at(order["deed"], order["folder"])
    if "train" in order:
        options = {
            key: tuple(value) if isinstance(value, list) else value for key, value in order["train"].items()
        }
        train(TrainConfig(**options | {"output": Path(options["output"])}))
    else:
        sys.argv = ["vimo", *order["vimo"]]
        main()


def status_of(order: dict) -> int:
    """The exit status of a process that obeys."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            obey(order)
            status = 0
        except BaseException:
            traceback.print_exc()
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    datasets_library()
    for line in sys.stdin:
        sys.stdout.write(f"{status_of(json.loads(line))}\n")
        sys.stdout.flush()

"""Nothing that holds only on one system: encodings, paths, modules, processes that start anew."""

import ast
import io
import sys
from collections.abc import Iterator
from errno import EINVAL, ENOSPC
from pathlib import Path

import numpy as np
import pytest

from vimo_pipeline.cli import main
from vimo_pipeline.export import save_motion
from vimo_pipeline.video import writer

from .data.conftest import swinging

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted(
    path
    for folder in ("vimo_pipeline", "benchmarks", "examples", "scripts")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)
PACKAGE = [path for path in PROGRAMS if "vimo_pipeline" in path.relative_to(ROOT).parts]
OF_ONE_SYSTEM = {
    "curses", "fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios",
    "winreg",
}  # fmt: skip
NOT_EVERYWHERE = {  # of os and signal; os.rename does not replace a file on Windows
    "SIGALRM", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "SIGUSR2", "alarm", "fork", "getpgid", "getuid",
    "killpg", "mkfifo", "nice", "pause", "rename", "sched_getaffinity", "setitimer", "setsid", "sysconf",
    "uname",
}  # fmt: skip
NOT_TEXT = {"archive", "tarfile", "zipfile", "Image"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_text_has_an_encoding():
    """Windows would take that of the country."""
    unsaid = {name(path): list(unsaid_encodings(parsed(path))) for path in PROGRAMS}
    assert {path: calls for path, calls in unsaid.items() if calls} == {}


def unsaid_encodings(tree: ast.Module) -> Iterator[str]:
    """Calls that open text without saying how it is written."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = getattr(call.func, "attr", _name(call.func))
        opens_text = called in ("read_text", "write_text") or (called == "open" and not _binary(call))
        if opens_text and not any(keyword.arg in ("encoding", None) for keyword in call.keywords):
            yield f"line {call.lineno}: {ast.unparse(call)}"


def _binary(call: ast.Call) -> bool:
    if _name(getattr(call.func, "value", None)) in NOT_TEXT:
        return True
    words = (word.value for word in call.args if isinstance(word, ast.Constant))
    return any(word in ("rb", "wb", "ab", "r+b") for word in words)


def _name(node: ast.AST | None) -> str | None:
    return getattr(node, "id", None)


def test_the_reader_of_encodings_sees_them():
    bad = "open(p)\npath.open('w')\npath.read_text()\npath.write_text(t)"
    good = "open(p, 'rb')\npath.open('wb')\npath.read_text(encoding='utf-8')\nopen(p, **options)"
    assert len(list(unsaid_encodings(ast.parse(bad)))) == 4
    assert list(unsaid_encodings(ast.parse(good))) == []


def test_nothing_of_one_system_is_imported_or_called():
    found = {name(path): of_one_system(parsed(path)) for path in PACKAGE}
    assert {path: names for path, names in found.items() if names} == {}


def of_one_system(tree: ast.Module) -> set[str]:
    """Modules and names that some system lacks, and commands for a shell, which differ everywhere."""
    imported, used = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
            used |= {alias.name for alias in node.names if node.module in ("os", "signal")}
        elif isinstance(node, ast.Attribute) and _name(node.value) in ("os", "signal"):
            used.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg in ("shell", "preexec_fn"):
            used.add(node.arg)
    return (imported & OF_ONE_SYSTEM) | (used & (NOT_EVERYWHERE | {"shell", "preexec_fn"}))


def test_the_reader_of_systems_sees_them():
    bad = "import fcntl\nfrom os import fork\nsignal.alarm(1)\nrun('ls', shell=True)\nos.rename(a, b)"
    assert of_one_system(ast.parse(bad)) == {"fcntl", "fork", "alarm", "shell", "rename"}
    assert of_one_system(ast.parse("import signal\nsignal.SIGINT\nos.replace(a, b)\nrun(['ls'])")) == set()


def test_no_path_of_one_system():
    places = ("/tmp", "/dev", "/proc", "/home", "C:")
    words = {
        name(path): node.value
        for path in PACKAGE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(places)
    }
    assert words == {}


def test_a_terminal_without_letters(monkeypatch, tmp_path):
    save_motion(swinging(3, seed=1), tmp_path / "a.npz")
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(
        sys, "argv", ["vimo", "export", f"{tmp_path / 'a.npz'}", "--out", f"{tmp_path / 'ü√.bvh'}"]
    )
    main()
    screen.flush()
    assert screen.buffer.getvalue().endswith(b"??.bvh\n")
    assert (tmp_path / "ü√.bvh").is_file()


def test_a_pipe_that_breaks_on_windows(tmp_path):
    """The error is another one there; what ffmpeg had to say is quoted all the same."""
    with (
        pytest.raises(OSError, match="cannot write the video"),
        writer._encoder(tmp_path / "a.mp4", width=2, height=2, fps=30) as pipe,
    ):
        pipe.write(np.zeros((2, 2, 3), np.uint8).data)
        raise OSError(EINVAL, "Invalid argument")


def test_other_errors_stay_what_they_are(tmp_path):
    with (
        pytest.raises(OSError, match="No space left"),
        writer._encoder(tmp_path / "a.mp4", width=2, height=2, fps=30),
    ):
        raise OSError(ENOSPC, "No space left on device")

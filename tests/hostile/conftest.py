"""Every test in here runs under a watch of its memory; no payload may have run at its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .doors import DOORS
from .watch import MAX_MEMORY, TIMES, TRAP, forget_peak, peak_memory

settings.register_profile(
    "hostile",
    max_examples=20 * TIMES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="session", autouse=True)
def librosa_is_compiled(tmp_path_factory) -> None:
    """Its first beats take numba many seconds, which are not the file's fault."""
    path = tmp_path_factory.mktemp("music") / "healthy.wav"
    DOORS["wav"].make(path)
    DOORS["wav"].read(path)


@pytest.fixture(autouse=True)
def watched(tmp_path: Path, monkeypatch) -> Iterator[None]:
    """Work in an empty folder, measure the memory, look for what payloads would make."""
    monkeypatch.chdir(tmp_path)
    forget_peak()
    yield
    assert peak_memory() < MAX_MEMORY
    assert not list(tmp_path.rglob(f"{TRAP}*"))

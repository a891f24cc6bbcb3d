"""A name becomes a device, or a sentence that says why not."""

from pathlib import Path

import pytest
import torch

from vimo_pipeline.pipelines.device import choose_device

PACKAGE = Path(__file__).parents[2] / "vimo_pipeline"


@pytest.fixture
def machine(monkeypatch):
    """Pretend that a machine has so many CUDA cards, or Apple's GPU."""

    def build(*, cuda: int = 0, mps: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return build


def test_auto_is_a_card_where_there_is_one(machine):
    machine(cuda=0, mps=True)
    assert choose_device() == torch.device("cpu")
    machine(cuda=2)
    assert choose_device() == torch.device("cuda")


def test_what_is_asked_for_and_there(machine):
    machine(cuda=2, mps=True)
    assert [str(choose_device(name)) for name in ("cpu", "cuda", "cuda:1", "mps")] == [
        "cpu", "cuda", "cuda:1", "mps",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["cuda:2", "cuda:9"])
def test_a_card_that_is_not_there(machine, name):
    machine(cuda=2)
    with pytest.raises(ValueError, match=r"which has: 1 cpu, 2 cuda"):
        choose_device(name)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_machine_without(machine, name):
    machine()
    with pytest.raises(ValueError, match=f"cannot use '{name}'"):
        choose_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:1", "mps:0", "meta"])
def test_no_device(machine, name):
    machine(cuda=1, mps=True)
    with pytest.raises(ValueError, match="there is no device"):
        choose_device(name)


def test_no_other_place_chooses():
    asking = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if "is_available()" in path.read_text(encoding="utf-8") and "node_modules" not in path.parts
    ]
    assert asking == ["device.py"]

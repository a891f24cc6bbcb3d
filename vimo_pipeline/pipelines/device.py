"""Which device computes: the one place where a name becomes a `torch.device`."""

import re

import torch


def choose_device(name: str = "auto") -> torch.device:
    """The device that a name asks for: cpu, cuda (cuda:1 for the second card), mps, or auto.

    Auto is a CUDA card where there is one, else the CPU. Apple's mps has to be asked for by name: part of
    the linear algebra returns to the CPU there, which a small model hardly makes up for.

        pipe.to(choose_device("cuda"))
    """
    asked = re.fullmatch(r"(cpu|auto|mps|cuda)(?:(?<=cuda):(\d{1,3}))?", name)
    if not asked:
        raise ValueError(f"there is no device {name!r}; choose cpu, auto, cuda, cuda:1, ..., or mps")
    present = _present()
    if name == "auto":
        return torch.device("cuda" if present["cuda"] else "cpu")
    if int(asked[2] or 0) >= present[asked[1]]:
        found = ", ".join(f"{count} {kind}" for kind, count in present.items() if count)
        raise ValueError(f"torch cannot use {name!r} on this machine, which has: {found}")
    return torch.device(name)


def _present() -> dict[str, int]:
    """How many devices of a kind torch can use."""
    return {
        "cpu": 1,
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "mps": int(torch.backends.mps.is_available()),
    }

"""Which weights figures belong to: a hash of their numbers."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import torch
from diffusers import DiffusionPipeline
from safetensors import safe_open
from torch import Tensor

COMPONENTS = ("normaliser", "transformer")  # what captures motion, which is what the card's figures are of


def fingerprint(source: DiffusionPipeline | str | Path) -> str:
    """SHA-256 of the weights of a pipeline or of a saved one's folder, 64 hexadecimal digits.

    Of the numbers in half precision under their names, not of files: shards, a copy in another precision and
    the loaded pipeline have the same.
    """
    tensors = _in_folder(Path(source)) if isinstance(source, str | Path) else _in_memory(source)
    digest = sha256()
    for name, tensor in sorted(tensors, key=lambda named: named[0]):
        digest.update(name.encode())
        digest.update(tensor.to(torch.float16).contiguous().numpy().tobytes())
    return digest.hexdigest()


def weight_files(component: Path) -> list[Path]:
    """The safetensors of a component: those without a variant, else those that are there."""
    files = sorted(component.glob("*.safetensors"))
    plain = [file for file in files if re.fullmatch(r"\w+(-\d+-of-\d+)?\.safetensors", file.name)]
    return plain or files


def _in_memory(pipe: DiffusionPipeline) -> Iterator[tuple[str, Tensor]]:
    for component in COMPONENTS:
        for name, tensor in getattr(pipe, component).state_dict().items():
            yield f"{component}.{name}", tensor.cpu()


def _in_folder(folder: Path) -> Iterator[tuple[str, Tensor]]:
    for component in COMPONENTS:
        for file in weight_files(folder / component):
            with safe_open(file, framework="pt") as tensors:
                for name in tensors.keys():  # noqa: SIM118  it is no dictionary
                    yield f"{component}.{name}", tensors.get_tensor(name)

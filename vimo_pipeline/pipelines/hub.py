"""Where pipelines come from and go to: the weights in this package, or a repository on the Hub."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huggingface_hub import file_exists, hf_hub_download, snapshot_download, upload_folder
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import httpx
from safetensors import SafetensorError

from ..models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from ..schedulers import PTSSScheduler
from ..whole_file import read_json, shortened

BUNDLED_WEIGHTS = Path(__file__).parents[1] / "weights" / "base"
GENERATED = "<!-- Generated: delete this line, and the next push leaves the card as it is. -->"
REMOTE_CODE = "remote-code"  # the branch with files that diffusers needs and `ViMoPipeline` does not

# The components of a pipeline as its model_index.json names them, and the file that describes each.
COMPONENTS = {
    "transformer": (ViMoTransformer, "config.json"),
    "scheduler": (PTSSScheduler, "scheduler_config.json"),
    "normaliser": (MotionNormaliser, "config.json"),
    "interpolator": (DeltaInterpolator, "config.json"),
}
OPTIONAL = ("interpolator",)
MAX_CONFIG_BYTES = 1 << 20
MAX_CONFIG_NUMBER = 10_000  # but for the steps of a scheduler
MAX_DIFFUSION_STEPS = 100_000
# What diffusers, torch and safetensors raise over a folder that is damaged. They have no common class.
_MANGLED = (
    OSError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, MemoryError,
    AssertionError, SafetensorError,
)  # fmt: skip

_PASSED_ON = ("cache_dir", "revision", "token", "force_download", "local_files_only")
_WEIGHTS = "diffusion_pytorch_model"
_BESIDE_WEIGHTS = (
    "model_index.json", "*/config.json", "*/scheduler_config.json",
    "README.md", "model_card.jpg", "training.json",
)  # fmt: skip


def fetch(repo_id: str, *, variant: str | None = None, **options: Any) -> str:
    """Download a pipeline and return its folder: only weights of that variant, in one file or in shards.

    Our code is installed, so the repository's is left there.
    """
    options = {key: options[key] for key in _PASSED_ON if options.get(key) is not None}
    weights = _files_of(variant)
    wanted = [
        *_BESIDE_WEIGHTS,
        *weights,
        f"normaliser/{_WEIGHTS}.safetensors",
    ]  # 302 numbers, without variants
    folder = _snapshot(repo_id, allow_patterns=wanted, **options)
    if not any(file for pattern in weights for file in Path(folder).glob(pattern)):
        raise FileNotFoundError(
            f"{repo_id!r} holds no weights{f' of variant {variant!r}' if variant else ''} in safetensors"
        )
    return folder


def _snapshot(repo_id: str, **options: Any) -> str:
    try:
        return snapshot_download(repo_id, **options)
    except HFValidationError as error:
        raise FileNotFoundError(
            f"{repo_id!r} is neither a folder on this machine nor the name of a Hub repository (owner/name)"
        ) from error
    except (httpx.HTTPError, OSError) as error:  # also: refused, or broken off halfway
        raise FileNotFoundError(
            f"{repo_id!r} is no folder on this machine, and it could not be had from the Hugging Face Hub: "
            f"{reason(error)}. Check the name and the network, or call from_pretrained() without a name "
            "for the weights that come with the package."
        ) from error


def check_folder(folder: str | Path) -> None:
    """Refuse a pipeline whose files name other classes than ours, or a larger model than its weights are.

    diffusers would import other libraries and call what a stranger's index names.
    """
    folder = Path(folder)
    index = _config(folder / "model_index.json")
    for name, (component, file) in COMPONENTS.items():
        if name in OPTIONAL and index.get(name) in (None, [None, None]):
            continue
        _check_class(index.get(name), [component.__module__, component.__name__], name, folder)
        config = _config(folder / name / file)
        _check_class(config.get("_class_name"), component.__name__, name, folder)
        if "quantization_config" in config:  # diffusers would import the library that it names
            raise ValueError(f"{folder / name} asks for quantisation, which no ViMo pipeline has")
        _check_numbers(config, folder / name)
    others = [name for name in index if name not in COMPONENTS and isinstance(index[name], list)]
    if others:
        raise ValueError(f"{folder} is no ViMo pipeline: it names another component, {shortened(others[0])}")


@contextmanager
def whole_pipeline(folder: str | Path) -> Iterator[None]:
    """Whatever libraries say of a folder that cannot be loaded, said as one sentence."""
    try:
        yield
    except FileNotFoundError:
        raise
    except _MANGLED as error:
        raise ValueError(f"{folder} cannot be loaded as a ViMo pipeline: {shortened(error)}") from error


def upload(
    folder: str | Path,
    repo_id: str,
    *,
    generated_card: bool,
    token: str | None = None,
    revision: str | None = None,
    commit_message: str,
    create_pr: bool = False,
) -> str:
    """Commit a saved pipeline to the Hub and return the address of the commit.

    A card that was only generated does not replace the one that somebody has edited on the Hub. Shards of an
    older commit, which would be taken for these weights, are deleted; other variants stay.
    """
    keep_theirs = generated_card and _edited_card(repo_id, revision=revision, token=token)
    return upload_folder(
        folder_path=folder,
        repo_id=repo_id,
        revision=revision,
        ignore_patterns=["README.md"] if keep_theirs else None,
        delete_patterns=[pattern for variant in _variants_in(Path(folder)) for pattern in _files_of(variant)],
        token=token,
        commit_message=commit_message,
        create_pr=create_pr,
    )


def _files_of(variant: str | None) -> list[str]:
    """Patterns for the weights of a variant as diffusers names them: whole, in shards, the shards' index."""
    if variant is None:
        names = (
            f"{_WEIGHTS}.safetensors",
            f"{_WEIGHTS}-*-of-*.safetensors",
            f"{_WEIGHTS}.safetensors.index.json",
        )
    elif re.fullmatch(r"\w+", variant):
        whole = f"{_WEIGHTS}.{variant}"
        index = f"{_WEIGHTS}.safetensors.index.{variant}.json"
        names = (f"{whole}.safetensors", f"{whole}-*-of-*.safetensors", index)
    else:
        raise ValueError(f"variant must be a word such as fp16, got {variant!r}")
    return [f"*/{name}" for name in names]


def _edited_card(repo_id: str, **options: Any) -> bool:
    """Whether the card on the Hub is somebody's own."""
    if not file_exists(repo_id, "README.md", **options):
        return False
    card = Path(hf_hub_download(repo_id, "README.md", **options))
    return GENERATED not in card.read_text(encoding="utf-8", errors="replace")


def _variants_in(folder: Path) -> set[str | None]:
    names = (file.name for file in folder.glob(f"*/{_WEIGHTS}*.safetensors"))
    found = (re.fullmatch(rf"{_WEIGHTS}(?:\.(\w+))?(?:-\d+-of-\d+)?\.safetensors", name) for name in names)
    return {match[1] for match in found if match}


def _config(path: Path) -> dict[str, Any]:
    config = read_json(path, max_bytes=MAX_CONFIG_BYTES)
    if not isinstance(config, dict):
        raise ValueError(f"{path} must hold a JSON object, not a {type(config).__name__}")
    return config


def _check_class(theirs: object, ours: object, name: str, folder: Path) -> None:
    if theirs != ours:
        raise ValueError(f"{folder} is no ViMo pipeline: its {name} is {shortened(theirs)} instead of {ours}")


def _check_numbers(config: dict[str, Any], folder: Path) -> None:
    """Sizes that no weights stand behind would fill the memory before the weights are looked at."""
    for key, value in config.items():
        largest = MAX_DIFFUSION_STEPS if key == "num_train_timesteps" else MAX_CONFIG_NUMBER
        if isinstance(value, int | float) and not -largest <= value <= largest:
            raise ValueError(f"{folder} has {shortened(key)} = {shortened(value)}, more than {largest}")
    sizes = [config.get(key, 1) for key in ("hidden_size", "hidden_size", "mlp_ratio")]
    layers = [config.get(key, 0) for key in ("num_layers", "num_encoder_layers")]
    if not all(isinstance(number, int) for number in (*sizes, *layers)):
        raise ValueError(f"{folder} has sizes that are no whole numbers")
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    if math.prod(sizes) * sum(layers) > weights:
        raise ValueError(f"{folder} claims a larger model than its {weights} bytes of weights")


def reason(error: Exception) -> str:
    """The first line that says something: the client's refusals begin with one that is only a number."""
    lines = [line.rstrip(".") for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if " Client Error" not in line), type(error).__name__)

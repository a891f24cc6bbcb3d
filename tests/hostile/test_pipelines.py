"""Pipelines of strangers: folders that name other classes, larger models, other files, or hold code."""

import json
import pickle
import struct
import sys
from pathlib import Path

import pytest
import torch

from vimo_pipeline.pipelines import ViMoCompletionPipeline, ViMoPipeline

from . import healthy
from .damage import NASTY_VALUES
from .watch import TIMES, TRAP, survives

CODE = f"open({TRAP!r}, 'w')\nclass Trap:\n    pass\n"
OTHERS = (
    ["os", "system"], ["subprocess", "Popen"], ["builtins", "eval"], ["stranger_module", "Trap"],
    ["runpy", "run_path"],
    ["diffusers", "UNet2DModel"], ["transformers", "AutoModel"], ["vimo_pipeline.cli", "main"], [None,
    None], [],
    ["vimo_pipeline.models.transformer", "TYPES"], ["..", "Trap"], ["", ""], "os.system", 5, None, {},
    [["os"], {}],
    ["vimo_pipeline.models.transformer", "ViMoTransformer", "more"], ["pipeline", "ViMoTransformer"],
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """A healthy pipeline, with code beside it that nobody may run."""
    path = tmp_path / "stranger"
    healthy.pipeline(path)
    monkeypatch.syspath_prepend(str(path))
    for name in (
        "stranger_module.py",
        "pipeline.py",
        "transformer/transformer.py",
        "normaliser/normaliser.py",
    ):
        (path / name).write_text(CODE)
    return path


def change(file: Path, **changes) -> bytes:
    """Other values for some keys of a JSON file; returns what was there."""
    before = file.read_bytes()
    file.write_text(json.dumps(json.loads(before) | changes))
    return before


@pytest.mark.parametrize("pipeline", [ViMoPipeline, ViMoCompletionPipeline])
def test_code_beside_a_pipeline_is_left_alone(pipeline, folder):
    pipeline.from_pretrained(folder)


@pytest.mark.parametrize(
    "part", ["transformer", "scheduler", "normaliser", "interpolator", "safety_checker", "_class_name"]
)
def test_no_other_class_is_looked_up(part, folder):
    loaded = set(sys.modules)
    for other in OTHERS:
        before = change(folder / "model_index.json", **{part: other})
        said = survives(ViMoPipeline.from_pretrained, folder)
        left_out = part == "interpolator" and other in (None, [None, None])
        assert said or left_out or part in ("_class_name", "safety_checker")
        (folder / "model_index.json").write_bytes(before)
    assert "stranger_module" not in sys.modules and "transformers" not in set(sys.modules) - loaded


@pytest.mark.parametrize(
    "part",
    [
        "transformer/config.json",
        "scheduler/scheduler_config.json",
        "normaliser/config.json",
        "interpolator/config.json",
    ],
)
def test_configs_that_say_something_else(part, folder):
    config = json.loads((folder / part).read_text())
    strange = {
        "_class_name": ("UNet2DModel", "os", None, ["os", "system"]),
        "auto_map": ({"AutoModel": "pipeline.Trap"},),
        "quantization_config": ({"quant_method": "bitsandbytes"}, {"quant_method": "gguf"},
        {"load_in_4bit": True}),
        "_name_or_path": ("../../..", "/etc/passwd"), "_use_default_values": (5, ["a"]), "unknown": (1, "a"),
    }  # fmt: skip
    for key, values in strange.items():
        for value in values:
            before = change(folder / part, **{key: value})
            survives(ViMoPipeline.from_pretrained, folder)
            (folder / part).write_bytes(before)
    for key in [key for key in config if not key.startswith("_")]:
        for value in (*NASTY_VALUES[:: max(1, 4 // TIMES)], 10**6, -(10**9), 2**31):
            before = change(folder / part, **{key: value})
            survives(ViMoPipeline.from_pretrained, folder)
            (folder / part).write_bytes(before)


class Payload:
    def __reduce__(self):
        return open, (TRAP, "w")


def test_pickled_weights_are_not_opened(folder):
    for part in ("transformer", "normaliser", "interpolator"):
        weights = folder / part / "diffusion_pytorch_model.safetensors"
        before = weights.read_bytes()
        weights.unlink()
        for name in ("diffusion_pytorch_model.bin", "pytorch_model.bin", "diffusion_pytorch_model.fp16.bin"):
            torch.save({"a": Payload()}, folder / part / name)
        (folder / part / "diffusion_pytorch_model.pkl").write_bytes(pickle.dumps(Payload()))
        assert survives(ViMoPipeline.from_pretrained, folder)
        weights.write_bytes(before)


def test_weights_that_claim_too_much(folder):
    weights = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    whole = weights.read_bytes()
    size = struct.unpack("<Q", whole[:8])[0]
    header = json.loads(whole[8 : 8 + size])
    name = next(key for key in header if key != "__metadata__")
    for claim in (0, 2**63, 2**64 - 1, 10**8, len(whole)):
        weights.write_bytes(struct.pack("<Q", claim) + whole[8:])
        assert survives(ViMoPipeline.from_pretrained, folder)
    entries = (
        {"shape": [10**12]}, {"shape": [-1]}, {"dtype": "F128"}, {"dtype": "object"},
        {"data_offsets": [0, 2**62]},
        {"data_offsets": [-8, 0]}, {"data_offsets": [8, 0]}, {"shape": "many"},
    )  # fmt: skip
    for changes in entries:
        text = json.dumps(header | {name: header[name] | changes}).encode()
        weights.write_bytes(struct.pack("<Q", len(text)) + text + whole[8 + size :])
        assert survives(ViMoPipeline.from_pretrained, folder)


def test_an_index_of_shards_leads_nowhere_else(folder, tmp_path):
    weights = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    healthy.pipeline(tmp_path / "other")
    weights.unlink()
    for target in (
        "../../other/transformer/diffusion_pytorch_model.safetensors",
        "/etc/passwd",
        "gone.safetensors",
    ):
        index = {"metadata": {"total_size": 10**15}, "weight_map": {"motion_in.weight": target}}
        (folder / "transformer/diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
        assert survives(ViMoPipeline.from_pretrained, folder)


def test_weights_of_nothing_and_infinity(folder):
    from safetensors.torch import load_file, save_file

    for part in ("transformer", "normaliser", "interpolator"):
        weights = folder / part / "diffusion_pytorch_model.safetensors"
        before = weights.read_bytes()
        tensors = load_file(weights)
        save_file({name: tensor[:0] for name, tensor in tensors.items()}, weights)
        assert survives(ViMoPipeline.from_pretrained, folder)
        save_file(dict(list(tensors.items())[1:]), weights)
        survives(ViMoPipeline.from_pretrained, folder)
        weights.write_bytes(before)

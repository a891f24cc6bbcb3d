"""Two processes that accumulate gradients see different data, save once and go on with the same numbers."""

import os
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
OPTIONS = {
    "packs": "cmu", "augment": "mirror", "model": "small", "optimizer": "adamw", "mixed-precision": "no",
    "tracker": "none",
    "sample-every": 0, "steps": 4, "decay": 1, "warmup": 1, "frames": 12, "frames-a-step": 48,
    "accumulate": 2, "checkpoint-every": 2, "validate-every": 4,
}  # fmt: skip


def train_in_two_processes(folder: Path, output: Path) -> dict[str, torch.Tensor]:
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launch, ROOT / "train.py", "--data", folder, "--output", output]
    command += chain.from_iterable((f"--{name}", str(value)) for name, value in OPTIONS.items())
    environment = os.environ | {"ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.count("step 4: pa_mpjpe_mm") + done.stdout.count("step 4: pa_mpjpe_mm") == 1
    return load_file(output / "final" / "transformer" / "diffusion_pytorch_model.safetensors")


@pytest.mark.slow
def test_two_processes_resume_where_they_were(folder, tmp_path):
    whole = train_in_two_processes(folder, tmp_path / "whole")
    checkpoint = tmp_path / "whole" / "checkpoint-2"
    generators = torch.load(checkpoint / "progress.pt", weights_only=True)["generator"]
    assert len(generators) == 2 and (generators[0] != generators[1]).any()

    shutil.copytree(checkpoint, tmp_path / "parts" / "checkpoint-2")
    parts = train_in_two_processes(folder, tmp_path / "parts")
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, msg=name)

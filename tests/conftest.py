"""What every test stands on: one thread, no network, no telemetry."""

import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import pytest
import torch

torch.set_num_threads(1)  # several workers share the cores, and the tensors are tiny


@pytest.fixture(scope="module", autouse=True)
def nobody_accelerates() -> None:
    """accelerate keeps its settings for the whole process, and modules train in different precision."""
    if "accelerate.state" in sys.modules:
        sys.modules["accelerate.state"].AcceleratorState._reset_state(reset_partial_state=True)

"""What every test stands on: one thread, no network, no telemetry."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import torch

torch.set_num_threads(1)  # several workers share the cores, and the tensors are tiny

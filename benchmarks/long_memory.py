"""How much memory a long clip takes: run by benchmarks/long.py in a process of its own.

python benchmarks/long_memory.py 18000
"""

import json
import resource
import sys
from pathlib import Path
from time import process_time

import numpy as np
import torch

from vimo_pipeline import Keypoints, ViMoPipeline


def main(frames: int) -> None:
    """Imagine a clip of so many frames of a body that moves; print memory in MiB and seconds."""
    pipe = ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    loaded = peak()
    start = process_time()
    motion = pipe(keypoints=moving(frames)).motions[0]
    figures = {"frames": len(motion), "loaded": loaded, "peak": peak(), "seconds": process_time() - start}
    sys.stdout.write(json.dumps(figures) + "\n")


def moving(frames: int) -> Keypoints:
    """Keypoints that swing; what they mean does not matter here."""
    generator = np.random.default_rng(0)
    swing = np.sin(np.arange(frames) / 9)[:, None, None] * generator.normal(size=(1, 17, 2)) * 20
    points = generator.uniform(100, 400, (1, 17, 2)) + swing
    seen = np.concatenate([points, np.full((frames, 17, 1), 0.9)], -1).astype(np.float32)
    return Keypoints(seen, 30.0, 640, 480)


def peak() -> float:
    """MiB that this process has held at most."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # Linux counts what the parent held when it started this process into ru_maxrss.
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(int(sys.argv[1]))

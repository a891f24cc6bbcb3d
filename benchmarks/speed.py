"""How long a capture takes and how much memory it needs.

    python benchmarks/speed.py --video clip.mp4 --seconds 10

Prints each stage against the length of the video, the denoising of one 150-frame window at 10 steps with
guidance, and the peak memory of this process. Import time and the MP4 preview are apart.
"""

import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
import tyro
from torch import Generator

EXAMPLE = Path(__file__).parents[1] / "examples" / "example.mp4"


@dataclass(frozen=True)
class Speed:
    """What to time."""

    video: Path = EXAMPLE
    seconds: float | None = 10.0
    """The video is looped or trimmed to this length at 720p; None takes it as it is."""
    threads: int = 2
    repeats: int = 3
    preview: bool = True
    """Also draw the preview, in the last run."""


def main(options: Speed) -> None:
    """Time and print."""
    torch.set_num_threads(options.threads)
    started = perf_counter()
    from vimo_pipeline import ViMoPipeline
    from vimo_pipeline.pipelines.capture import capture

    pipe = ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    say(f"torch {torch.__version__}, mediapipe {version('mediapipe')}, {options.threads} threads")
    say(machine())
    say(f"import and loading {perf_counter() - started:.1f} s\n")
    with tempfile.TemporaryDirectory() as folder:
        video = prepare(options.video, options.seconds, Path(folder)) if options.seconds else options.video
        for run in range(options.repeats):
            drawn = options.preview and run == options.repeats - 1
            result = capture(video, Path(folder) / f"run{run}", pipe=pipe, preview=drawn)
            report(result.seconds, len(result.keypoints) / result.keypoints.fps)
    say(f"\ndenoising 150 frames, 10 steps, guidance 2: {denoise(pipe, options.repeats):.2f} s (median)")
    say(peak_memory())


def peak_memory() -> str:
    """The most that this process and any of its children held, where the system tells."""
    try:
        import resource
    except ImportError:
        return "peak memory unknown: Windows does not tell"
    gib = 2**30 if sys.platform == "darwin" else 2**20  # macOS counts bytes, Linux kilobytes
    own, ffmpeg = (
        resource.getrusage(who).ru_maxrss / gib for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"peak memory {own:.2f} GiB, and {ffmpeg:.2f} GiB in ffmpeg"


def report(seconds: dict[str, float], length: float) -> None:
    """One line a capture; the preview does not count towards the total."""
    total = sum(time for stage, time in seconds.items() if stage != "preview")
    stages = ", ".join(f"{stage} {time:.2f}" for stage, time in seconds.items())
    say(f"{length:.1f} s of video in {total:.2f} s: {total / length:.2f} x real time ({stages})")


def denoise(pipe, repeats: int) -> float:
    """Median seconds for one window from keypoints to motion."""
    from vimo_pipeline import Keypoints

    points = np.random.default_rng(0).uniform(0.2, 1, (150, 17, 3)).astype(np.float32)
    seen = Keypoints(points * [500, 500, 1], 30.0, 640, 480)
    times = []
    for _ in range(repeats + 1):
        start = perf_counter()
        pipe(keypoints=seen, guidance_scale=2.0, num_inference_steps=10, generator=Generator().manual_seed(0))
        times.append(perf_counter() - start)
    return statistics.median(times[1:])


def prepare(video: Path, seconds: float, folder: Path) -> Path:
    """The video looped or trimmed to a length and scaled to 720 lines."""
    import subprocess

    import imageio_ffmpeg

    path = folder / "input.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-stream_loop", "-1", "-i", str(video)]
    command += ["-t", str(seconds), "-vf", "scale=-2:720", "-pix_fmt", "yuv420p", "-an", str(path)]
    subprocess.run(command, check=True)
    return path


def machine() -> str:
    """Processor and system in words."""
    names = [line.split(":")[1].strip() for line in cpu_info() if line.startswith("model name")]
    processor = names[0] if names else platform.processor()
    return f"{processor}, {platform.system()}, Python {platform.python_version()}"


def cpu_info() -> list[str]:
    """Lines of /proc/cpuinfo, none where there is none."""
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def say(text: str) -> None:
    """A line of the report."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(tyro.cli(Speed))

"""Small videos made on the spot by the ffmpeg that comes with imageio-ffmpeg."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from vimo_pipeline.video.reader import ffmpeg_binary


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """make_video("a.mp4", "-f", "lavfi", "-i", "testsrc2=r=10:d=1") writes a.mp4 and gives its path."""

    def make(name: str, *arguments: str | Path) -> Path:
        path = tmp_path / name
        command = [ffmpeg_binary(), "-v", "error", "-y", *map(str, arguments), str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path

    return make


@pytest.fixture
def pattern(make_video) -> Callable[..., Path]:
    """A moving test pattern: pattern("a.mp4", size="64x48", rate=10, seconds=1)."""

    def make(
        name: str, *arguments: str, size: str = "64x48", rate: str | int = 30, seconds: float = 1
    ) -> Path:
        return make_video(name, "-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}", *arguments)

    return make


@pytest.fixture
def odd_pattern(make_video) -> Callable[[int, int], Path]:
    """A few frames whose sides may be odd."""

    def make(width: int, height: int) -> Path:
        source = f"testsrc=s={width}x{height}:r=30:d=0.1"
        return make_video("odd.mkv", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv444p")

    return make

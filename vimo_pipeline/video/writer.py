"""Videos out: H.264 that every browser and phone plays, written whole or not at all."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy import ndarray

from .reader import ffmpeg_binary

QUALITY = 20  # x264's constant rate factor: 18 looks lossless, 28 poor


class VideoWriter:
    """Takes uint8 RGB frames [H, W, 3] of one size and makes an MP4 appear when it closes without an error.

    with VideoWriter("preview.mp4", fps=30) as video:
        video.write(frame)
    """

    def __init__(self, path: str | Path, *, fps: float) -> None:
        self._path = Path(path)
        if not 0 < fps <= 1000:
            raise ValueError(f"fps must be in (0, 1000], got {fps}")
        if not self._path.parent.is_dir():
            raise FileNotFoundError(f"cannot write {self._path}: there is no folder {self._path.parent}")
        self._fps = fps
        self._partial = self._path.with_name(f".{self._path.stem}.{os.getpid()}.mp4")
        self._process: subprocess.Popen[bytes] | None = None
        self._shape: tuple[int, ...] | None = None

    def write(self, frame: ndarray) -> None:
        """Append one frame."""
        if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
            raise ValueError(f"a frame must be uint8 [H, W, 3], got {frame.dtype} {list(frame.shape)}")
        if self._process is None:
            self._shape = frame.shape
            self._process = self._start(width=frame.shape[1], height=frame.shape[0])
        if frame.shape != self._shape:
            raise ValueError(f"frames must all be {list(self._shape)}, got {list(frame.shape)}")
        try:
            self._process.stdin.write(np.ascontiguousarray(frame).data)
        except BrokenPipeError:
            raise OSError(f"cannot write {self._path}: {self._complaint()}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            if self._process is not None and self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._partial.unlink(missing_ok=True)

    def _start(self, *, width: int, height: int) -> subprocess.Popen[bytes]:
        command = [
            ffmpeg_binary(), "-nostdin", "-hide_banner", "-v", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}",
            "-r", f"{self._fps:.6f}", "-i", "-",
            "-vf", "pad=2*ceil(iw/2):2*ceil(ih/2)", "-pix_fmt", "yuv420p",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", str(QUALITY),
            "-movflags", "+faststart", f"file:{self._partial}",
        ]  # fmt: skip
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def _finish(self) -> None:
        if self._process is None:
            raise ValueError(f"cannot write {self._path}: no frame was given")
        self._process.stdin.close()
        if self._process.wait() != 0:
            raise OSError(f"cannot write {self._path}: {self._complaint()}")
        os.replace(self._partial, self._path)

    def _complaint(self) -> str:
        return self._process.stderr.read(4096).decode(errors="replace").strip() or "ffmpeg stopped"


def write_video(path: str | Path, frames: Iterable[ndarray], *, fps: float) -> None:
    """Write uint8 RGB frames [H, W, 3] as an MP4; odd sides get one more row or column of black."""
    with VideoWriter(path, fps=fps) as video:
        for frame in frames:
            video.write(frame)

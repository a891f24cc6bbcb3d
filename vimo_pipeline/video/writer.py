"""Videos out: H.264 that every browser and phone plays, written whole or not at all."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np
from numpy import ndarray

from ..whole_file import whole_file
from .reader import ffmpeg_binary

QUALITY = 20  # x264's constant rate factor: 18 looks lossless, 28 poor


def write_video(path: str | Path, frames: Iterable[ndarray], *, fps: float) -> None:
    """Write uint8 RGB frames [H, W, 3] of one size as an MP4; an odd side gets one more line of black."""
    if not 0 < fps <= 1000:
        raise ValueError(f"fps must be in (0, 1000], got {fps}")
    with whole_file(path) as partial:
        checked = _checked(frames)
        first = next(checked, None)
        if first is None:
            raise ValueError(f"cannot write {path}: no frame was given")
        with _encoder(partial, width=first.shape[1], height=first.shape[0], fps=fps) as encoder:
            for frame in chain([first], checked):
                encoder.write(np.ascontiguousarray(frame).data)


def _checked(frames: Iterable[ndarray]) -> Iterator[ndarray]:
    """The frames, each uint8 [H, W, 3] and as large as the first."""
    shape = None
    for frame in frames:
        if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
            raise ValueError(f"a frame must be uint8 [H, W, 3], got {frame.dtype} {list(frame.shape)}")
        shape = shape or frame.shape
        if frame.shape != shape:
            raise ValueError(f"frames must all be {list(shape)}, got {list(frame.shape)}")
        yield frame


@contextmanager
def _encoder(path: Path, *, width: int, height: int, fps: float) -> Iterator[IO[bytes]]:
    """Takes the bytes of RGB frames; the MP4 at `path` is whole when the block ends."""
    command = [
        ffmpeg_binary(), "-nostdin", "-hide_banner", "-v", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:.6f}", "-i", "-",
        "-vf", "pad=2*ceil(iw/2):2*ceil(ih/2)", "-pix_fmt", "yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", str(QUALITY),
        "-movflags", "+faststart", "-f", "mp4", f"file:{path}",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield process.stdin
        process.stdin.close()
    except OSError as error:
        if not isinstance(error, BrokenPipeError) and error.errno != EINVAL:  # what Windows says instead
            raise
        with suppress(OSError):
            process.stdin.close()
        raise OSError(_complaint(process)) from None
    else:
        if process.wait() != 0:
            raise OSError(_complaint(process))
    finally:
        with suppress(OSError), process:  # closes its pipes and waits for it
            process.kill()


def _complaint(process: subprocess.Popen[bytes]) -> str:
    words = process.stderr.read(4096).decode(errors="replace").strip()
    return f"cannot write the video: {words or 'ffmpeg stopped'}"

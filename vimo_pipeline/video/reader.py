"""Videos in: upright RGB frames at one steady rate, whatever the phone, codec or frame rate was.

ffmpeg does the work in its own process (the binary comes with imageio-ffmpeg), so decoding overlaps with
whatever is done to the frames. Frames cross the pipe as PPM pictures because these carry their own size:
the size after rotation flags, non-square pixels and scaling is read from the frames and never guessed from
a header."""

import contextlib
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy import ndarray

from ..whole_file import existing_file

logger = logging.getLogger(__name__)

# Real containers only. ffmpeg would also follow playlists (HLS, concat), through which a file can read
# other files.
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,ogg,flv,asf,mpeg,mpegts,mpegvideo,h264,hevc,av1,obu,ivf,"
    "dv,mxf,nut,yuv4mpegpipe,mjpeg,image2,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,wav,mp3,flac,aac"
)
SQUARE_PIXELS = "scale=w='if(eq(sar,1),iw,2*round(iw*sar/2))':h=ih,setsar=1"
MAX_HEADER_BYTES = 64
MAX_PIXELS = 1 << 26  # of a frame: 8K video has half of them


@dataclass(frozen=True)
class VideoInfo:
    """What a video holds, as a viewer sees it: upright, square pixels."""

    width: int
    height: int
    fps: float  # mean rate; 0 where the file does not say
    seconds: float
    frames: int | None  # None where the rate is unknown


def probe_video(path: str | Path) -> VideoInfo:
    """Size, rate and duration. Decodes the first frame, so a file without a readable picture fails here."""
    path = _existing_file(path)
    with _decode(path, ["-vf", SQUARE_PIXELS, "-frames:v", "1"], loglevel="info") as (stdout, log):
        frame = _read_ppm(stdout)
        header = log()
    if frame is None:
        raise ValueError(_why_no_frame(path, header))
    height, width, _ = frame.shape
    fps, seconds = _rate(header), _duration(header)
    if seconds is None:
        seconds = _demuxed_duration(path)
    frames = max(1, round(fps * seconds)) if fps else None
    return VideoInfo(width, height, fps, seconds, frames)


def read_frames(
    path: str | Path,
    *,
    fps: float = 30.0,
    max_side: int | None = None,
    start: float = 0.0,
    stop: float | None = None,
) -> Iterator[ndarray]:
    """Stream uint8 RGB frames [H, W, 3]; frame i is what was seen at start + i / fps seconds.

    `max_side` shrinks larger frames inside ffmpeg (aspect kept, even sizes). `start` and `stop` trim, in
    seconds.

        for frame in read_frames("dance.mov", fps=30, max_side=640): ...
    """
    if not 0 < fps <= 1000:
        raise ValueError(f"fps must be in (0, 1000], got {fps}")
    if max_side is not None and max_side < 16:
        raise ValueError(f"max_side must be at least 16 pixels, got {max_side}")
    if start < 0 or (stop is not None and stop <= start):
        raise ValueError(f"start and stop must satisfy 0 <= start < stop, got {start=} {stop=}")
    return _stream(_existing_file(path), fps, max_side, start, stop)


def _stream(
    path: Path, fps: float, max_side: int | None, start: float, stop: float | None
) -> Iterator[ndarray]:
    seen = 0
    with _decode(path, ["-vf", _filters(fps, max_side)], seek=_seek(start, stop)) as (stdout, log):
        while (frame := _read_ppm(stdout)) is not None:
            seen += 1
            yield frame
        complaints = log()
    if not seen:
        raise ValueError(_why_no_frame(path, complaints))
    if complaints:
        logger.warning(
            "%s is damaged; %d frames could be read (%s)", path.name, seen, complaints.splitlines()[-1]
        )


def _filters(fps: float, max_side: int | None) -> str:
    """Resample by timestamp with the first frame at t = 0, then make pixels square and frames small."""
    chain = ["setpts=PTS-STARTPTS", f"fps={fps:.6f}", SQUARE_PIXELS]
    if max_side is not None:
        box = f"w='min(iw,{max_side})':h='min(ih,{max_side})'"
        chain.append(f"scale={box}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=area")
    return ",".join(chain)


def _seek(start: float, stop: float | None) -> list[str]:
    duration = [] if stop is None else ["-t", f"{stop - start:.6f}"]
    return ["-ss", f"{start:.6f}", *duration] if start or duration else []


@contextlib.contextmanager
def _decode(path: Path, output: list[str], *, seek: list[str] | None = None, loglevel: str = "error"):
    """Run ffmpeg over the file: gives its pictures and a function that waits for it and returns its log."""
    command = [
        ffmpeg_binary(), "-nostdin", "-hide_banner", "-nostats", "-v", loglevel,
        "-protocol_whitelist", "file", "-format_whitelist", CONTAINERS, "-max_pixels", str(MAX_PIXELS),
        *(seek or []), "-i", f"file:{path}",
        "-map", "0:V:0", *output, "-fps_mode", "passthrough",
        "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "-",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)

        def log() -> str:
            process.wait()
            stderr.seek(0)
            return stderr.read(1 << 16).decode(errors="replace").strip()

        try:
            yield process.stdout, log
        finally:  # also when the reader stops early
            process.stdout.close()
            process.kill()
            process.wait()


def _read_ppm(stream: IO[bytes]) -> ndarray | None:
    """The next P6 picture of the stream, or None at its end, also when that comes within the picture."""
    lines = [stream.readline(MAX_HEADER_BYTES) for _ in range(3)]  # "P6", "width height", "255"
    if lines[0] != b"P6\n" or lines[2] != b"255\n":
        return None
    width, height = (int(number) for number in lines[1].split())
    if width * height > MAX_PIXELS:  # pixels that are not square may be scaled to anything
        return None
    frame = np.empty((height, width, 3), np.uint8)
    return frame if stream.readinto(frame.reshape(-1)) == frame.size else None


def _rate(header: str) -> float:
    match = re.search(r"^ *Stream #.*Video:.*?(\d+(?:\.\d+)?)(k?) fps", header, re.MULTILINE)
    return float(match[1]) * (1000 if match[2] else 1) if match else 0.0


def _duration(header: str) -> float | None:
    match = re.search(r"^ *Duration: (\d+):(\d+):(\d+(?:\.\d+)?)", header, re.MULTILINE)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None


def _demuxed_duration(path: Path) -> float:
    """Seconds found by walking the packets: browsers record files without a duration."""
    command = [
        ffmpeg_binary(), "-nostdin", "-hide_banner", "-v", "info",
        "-protocol_whitelist", "file", "-format_whitelist", CONTAINERS,
        "-i", f"file:{path}", "-map", "0:V:0", "-c", "copy", "-f", "null", "-",
    ]  # fmt: skip
    log = subprocess.run(command, capture_output=True, check=False).stderr.decode(errors="replace")
    times = re.findall(r"time=(\d+):(\d+):([\d.]+)", log)
    return int(times[-1][0]) * 3600 + int(times[-1][1]) * 60 + float(times[-1][2]) if times else 0.0


def _existing_file(path: str | Path) -> Path:
    path = Path(os.path.expanduser(path))  # Path.expanduser raises for users that are not there
    if not os.path.exists(path):
        raise FileNotFoundError(f"no video at {path}")
    path = existing_file(path)
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty (0 bytes); was the download or recording finished?")
    return path.resolve()


def _why_no_frame(path: Path, log: str) -> str:
    if "matches no streams" in log and "Audio:" in log:
        return f"{path} has sound but no picture; give a video file"
    if "matches no streams" in log:
        return f"{path} holds no video stream; give a video file"
    reason = log.splitlines()[-1] if log else "no frame in the asked time range"
    return f"{path} gives no frame: broken or not a video ({reason}); MP4, MOV, WebM, AVI, GIF are read"


def ffmpeg_binary() -> str:
    """Path of the ffmpeg that came with imageio-ffmpeg."""
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise ImportError("reading video needs ffmpeg: pip install imageio-ffmpeg") from error
    return imageio_ffmpeg.get_ffmpeg_exe()

"""Pictures of a webcam with the time at which they came."""

from collections.abc import Iterator
from time import perf_counter

from numpy import ndarray

PIP_LINE = "pip install opencv-contrib-python"  # mediapipe brings it
WIDTH, HEIGHT = 640, 480  # as large as pose estimation can use


def camera_frames(
    index: int = 0, *, width: int = WIDTH, height: int = HEIGHT, fps: float = 30.0
) -> Iterator[tuple[float, ndarray]]:
    """Seconds since the first picture, and uint8 RGB [H, W, 3], until the camera is pulled out.

    Size and rate are wishes; the camera has what it has. Raises ValueError when there is no such camera.
    """
    try:
        import cv2
    except ImportError as missing:
        raise ImportError(f"reading a camera needs OpenCV: {PIP_LINE}") from missing
    camera = cv2.VideoCapture(index)
    try:
        if not camera.isOpened():
            raise ValueError(f"no camera {index}; they are counted from 0, and one program at a time has one")
        for name, value in (("WIDTH", width), ("HEIGHT", height)):
            camera.set(getattr(cv2, f"CAP_PROP_FRAME_{name}"), value)
        camera.set(cv2.CAP_PROP_FPS, fps)
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # rather a lost picture than an old one
        first = None
        while (answer := camera.read())[0]:
            now = perf_counter()
            first = now if first is None else first
            yield now - first, cv2.cvtColor(answer[1], cv2.COLOR_BGR2RGB)
    finally:
        camera.release()

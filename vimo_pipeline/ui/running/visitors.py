"""Who is live on the page: a stream a visitor, which goes when they go."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy import ndarray
from PIL import Image

from ...keypoints import PoseEstimator
from ...motion import Motion
from ...pipelines.recording import Recording
from ...pipelines.stream import ViMoStream
from .delay import Delay

if TYPE_CHECKING:
    from ...pipelines.vimo import ViMoPipeline

KEPT_SECONDS = 60.0  # of a recording
MOST_VISITORS = 8  # who still have a recording; far fewer are live at once
MAX_SIDE = 480  # pixels: pose estimation looks at a person in 256

_FEET = (15, 16)  # ankles of COCO-17
_LATELY = 15  # frames: who is missed in one picture is still there
NOBODY = "Nobody is seen. Step back until your whole body is in the picture, and see that it is light."
NO_FEET = "Your feet are not seen, so your legs are imagined. Step back a little."


class Visitor:
    """One person in front of one camera: their stream, what it gave, and how late."""

    def __init__(
        self,
        pipe: "ViMoPipeline",
        *,
        look_ahead: int,
        estimator: str | Path | PoseEstimator = "mediapipe",
    ) -> None:
        self.look_ahead = look_ahead
        self.stream = ViMoStream.from_pipe(pipe, look_ahead=look_ahead, estimator=estimator)
        self.start_over()

    def start_over(self) -> None:
        """Forget what was: the next picture is the first."""
        self.stream.reset()
        self.recording, self.delay = Recording(longest=KEPT_SECONDS), Delay()
        self.seen = np.zeros((0, 17, 3), np.float32)
        self._stopped: float | None = None  # when
        self._shape: tuple[int, ...] | None = None

    def see(self, picture: ndarray, came: float) -> Motion | None:
        """The poses that a picture finishes. uint8 RGB; came: seconds on the clock of `perf_counter`.

        After a stop, and with a picture of another shape, as of a phone that was turned, all starts anew.
        What came before a stop and waited for its turn is too late.
        """
        if self._stopped is not None and came <= self._stopped:
            return None
        if self._stopped is not None or self._shape not in (None, picture.shape):
            self.start_over()
        self._shape = picture.shape
        sight = self.stream.look(picture, came)
        self.seen = sight.lately[-_LATELY:]
        motion = self.stream.push(sight)
        self.recording.add(motion, self.stream.seconds)
        now = perf_counter()
        self.delay.add(now, None if motion is None else now - (self.stream.seconds or 0.0))
        return motion

    def stop(self) -> Recording:
        """What was recorded; the estimator is freed."""
        self.recording.add(self.stream.flush(), self.stream.seconds)
        self.stream.close()
        self._stopped = perf_counter()
        return self.recording

    @property
    def advice(self) -> str:
        """What the person should change, or nothing."""
        if not self.seen[..., 2].any():
            return NOBODY
        return "" if self.seen[:, list(_FEET), 2].any() else NO_FEET


class Visitors:
    """Everybody who is live, by session.

    Pictures are looked at one at a time: two at once on two cores would take each other's turns at the
    interpreter, and both would be late.
    """

    def __init__(
        self,
        get_pipe: Callable[[], "ViMoPipeline"],
        *,
        estimator: str | Path | PoseEstimator = "mediapipe",
        most: int = MOST_VISITORS,
    ) -> None:
        self._get_pipe, self._estimator, self._most = get_pipe, estimator, most
        self._here: OrderedDict[str | None, Visitor] = OrderedDict()  # the newest last
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._here)

    def see(
        self, session: str | None, picture: Image.Image, *, look_ahead: int
    ) -> tuple[Visitor, Motion | None]:
        """A session's next picture: who it is, and the poses that it finishes."""
        came, pixels = perf_counter(), fitted(picture)
        with self._turn:
            visitor = self._visitor(session, look_ahead)
            return visitor, visitor.see(pixels, came)

    def start_over(self, session: str | None) -> None:
        """Forget what a session has recorded."""
        with self._turn:
            if visitor := self._here.get(session):
                visitor.start_over()

    def stop(self, session: str | None) -> Recording:
        """What a session has recorded."""
        with self._turn:
            visitor = self._here.get(session)
            return visitor.stop() if visitor else Recording()

    def leave(self, session: str | None) -> None:
        """A session is over: nothing of it is kept."""
        with self._turn:
            if visitor := self._here.pop(session, None):
                visitor.stream.close()

    def _visitor(self, session: str | None, look_ahead: int) -> Visitor:
        known = self._here.pop(session, None)
        if known is None or known.look_ahead != look_ahead:
            if known:
                known.stream.close()
            known = Visitor(self._get_pipe(), look_ahead=look_ahead, estimator=self._estimator)
        self._here[session] = known
        while len(self._here) > self._most:
            self._here.popitem(last=False)[1].stream.close()
        return known


def fitted(picture: Image.Image) -> ndarray:
    """A picture of any size and kind as uint8 RGB [H, W, 3], at most 480 pixels wide and high."""
    picture = picture.convert("RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BILINEAR)
    return np.asarray(picture)

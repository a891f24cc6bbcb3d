"""`ViMoStream`: frames of a camera in, motion out a few frames later."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor

from ..keypoints import Keypoints, PoseEstimator
from ..keypoints.keypoints import NUM_KEYPOINTS
from ..keypoints.live.looking import Looker, Sight
from ..keypoints.normalise import SIZE_WINDOW_SECONDS, normalise_points, shot_of_frame
from ..keypoints.resampling import STEADY
from ..motion import Motion
from .checks import check_guidance, check_smoothing, check_strengths
from .streaming.rolling_window import RollingOptions, RollingWindow
from .vimo import ViMoPipeline

WINDOW, LOOK_AHEAD = 36, 4  # frames; measured in docs/RESULTS.md
PATIENCE = 2.0  # seconds
_MENDED = 6  # frames before the newest that cleaning may still change
_AT_ONCE = 15  # frames that enter with one call after a gap


class ViMoStream:
    """Motion while it happens: every frame goes in once, and comes out `look_ahead` frames later.

        with ViMoStream.from_pipe(ViMoPipeline.from_pretrained()) as stream:
            for frame in camera:
                motion = stream.push(frame)  # a Motion, mostly of one frame, or None

    Frames come out at the pipeline's 30 a second whatever the camera's rate is. A stream is of one person and
    one camera, and is used by one thread at a time; streams of one pipeline share nothing but its weights.
    """

    def __init__(
        self,
        pipe: ViMoPipeline,
        options: RollingOptions,
        *,
        patience: float = PATIENCE,
        estimator: str | Path | PoseEstimator = "mediapipe",
    ) -> None:
        self.fps, self.options, self.patience = float(pipe.config.fps), options, patience
        self.estimator, self._pipe = estimator, pipe
        self._looker = Looker(fps=self.fps, longest=patience, estimator=estimator)
        self._at_once = min(_AT_ONCE, 1 + pipe.transformer.config.max_frames - options.window)
        self.reset()

    @classmethod
    def from_pipe(
        cls,
        pipe: ViMoPipeline,
        *,
        window: int = WINDOW,
        look_ahead: int = LOOK_AHEAD,
        guidance_scale: float = RollingOptions.guidance_scale,
        lift_strength: float = RollingOptions.lift_strength,
        reprojection_strength: float = RollingOptions.reprojection_strength,
        smoothing: float = RollingOptions.smoothing,
        patience: float = PATIENCE,
        estimator: str | Path | PoseEstimator = "mediapipe",
    ) -> "ViMoStream":
        """A stream with the weights of a pipeline.

        window: frames the network looks at, most of them finished. look_ahead: frames that a frame waits for;
        with its own they are its denoising steps. patience: seconds that are imagined while nobody is seen;
        then nothing comes out until somebody is. estimator: what looks at pictures, a name or one that is
        open. The other options are the pipeline's; limbs follow less and are calmed more, as what a stream
        knows of a frame still changes.
        """
        _check_lengths(window, look_ahead, patience, longest=pipe.transformer.config.max_frames)
        check_guidance(guidance_scale)
        check_smoothing(smoothing)
        check_strengths(lift_strength=lift_strength, reprojection_strength=reprojection_strength)
        options = RollingOptions(
            window, look_ahead, guidance_scale, lift_strength, reprojection_strength, smoothing
        )
        return cls(pipe, options, patience=patience, estimator=estimator)

    def reset(self) -> None:
        """Forget everything: the next frame is the first of another recording."""
        self.seconds: float | None = None
        """The timestamp of the newest frame that has come out."""
        self._shot = 0
        self._window = RollingWindow(self._pipe, self.options)
        self._looker.reset()
        self._rest()

    def push(self, seen: ndarray | Keypoints | Sight, timestamp: float | None = None) -> Motion | None:
        """Take what was seen next; the frames that are finished by it, or None.

        seen: a picture, uint8 RGB [H, W, 3]; or a detector's [17, 3] pixels and confidences, zero where
        nobody is, which are cleaned as a picture's are; or the next `Keypoints`, any number of frames, which
        are believed as an NPZ is. timestamp: seconds on a clock that rises, of the first frame; without one
        it follows the last as the rate says. Raises ValueError, and stays as it was, for what cannot be next.
        """
        if isinstance(seen, Sight):
            sights: Iterable[Sight] = [seen]
        elif isinstance(seen, Keypoints):
            self._looker.clock.check(timestamp)
            sights = self._believed(seen, timestamp)
        else:
            sights = [self.look(seen, timestamp)]
        parts = (part for sight in sights for part in _parts(sight, self._at_once))
        return self._motion([self._advance(part) for part in parts])

    def look(self, seen: ndarray, timestamp: float | None = None) -> Sight:
        """The half of `push` before the network, for a picture or [17, 3]; `push` takes what comes back."""
        return self._looker.look(seen, timestamp)

    def flush(self) -> Motion | None:
        """The frames that still wait for others, or None; what is pushed then goes on from there."""
        done = []
        while self._window.under_way:
            done.append(self._timed(self._window.drain(self._told())))
        return self._motion(done)

    @property
    def present(self) -> bool:
        """Whether somebody is in view, or was less than `patience` ago."""
        return len(self._window) > 0

    def close(self) -> None:
        """Free the estimator that this stream has opened."""
        self._looker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _believed(self, seen: Keypoints, timestamp: float | None) -> Iterator[Sight]:
        """The frames of a stretch as they are."""
        self._looker.check_size((seen.width, seen.height))
        shots = self._shot + shot_of_frame(len(seen), seen.cuts)
        step = 1 / (self.fps if abs(seen.fps / self.fps - 1) < STEADY else seen.fps)
        for number, row in enumerate(seen.points):
            seconds = timestamp if number == 0 and timestamp is not None else self._looker.clock.after(step)
            self._shot = int(shots[number])
            if frames := self._looker.clock.push(row, seconds):
                times, points = zip(*frames, strict=True)
                yield Sight(list(times), np.stack(points))

    def _advance(self, sight: Sight) -> Tensor | None:
        """Frames of the clock that came at once, one mostly: the frames that they finish, or None."""
        there = sight.lately[-len(sight.times) :, :, 2].any(1)
        first = int(there.argmax()) if there.any() else len(there)
        if not self.present or self._absent + first > self.patience * self.fps:
            self._rest()
            sight = _since(sight, first)
        self._absent = int(there[::-1].argmax()) if there.any() else self._absent + len(there)
        if not sight.times:
            return None
        self._remember(sight)
        return self._timed(self._window.enter(self._told(), count=len(sight.times)))

    def _rest(self) -> None:
        """Nobody is there: whoever comes starts where the last one was."""
        self._window.begin()
        self._absent = 0
        self._times: deque[float] = deque()  # of the frames under way
        self._seen = np.zeros((0, NUM_KEYPOINTS, 3), np.float32)
        self._shots = np.zeros(0, np.int64)

    def _remember(self, sight: Sight) -> None:
        """Take in the newest frames, and the ones before as cleaning now sees them."""
        new, most = len(sight.times), self.options.window + round(SIZE_WINDOW_SECONDS * self.fps)
        mended = sight.lately[-min(len(sight.lately), new + _MENDED, new + len(self._seen)) :]
        kept = self._seen[: len(self._seen) + new - len(mended)]
        self._seen = np.concatenate([kept, mended])[-most:]
        self._shots = np.append(self._shots, [self._shot] * new)[-most:]
        self._times.extend(sight.times)

    def _told(self) -> tuple[Tensor, Tensor]:
        """Normalised keypoints, [1, N, 17, 3], and shots, [1, N]; a body's size is read off what there is."""
        shots = torch.from_numpy(self._shots)[None]
        reach = round(SIZE_WINDOW_SECONDS * self.fps)
        return normalise_points(torch.from_numpy(self._seen)[None], shots, window=reach), shots

    def _timed(self, finished: Tensor | None) -> Tensor | None:
        for _ in range(0 if finished is None else finished.shape[1]):
            self.seconds = self._times.popleft()
        return finished

    def _motion(self, done: list[Tensor | None]) -> Motion | None:
        frames = [one for one in done if one is not None]
        return Motion.unpack(torch.cat(frames, 1)[0].cpu(), fps=self.fps) if frames else None


def _since(sight: Sight, frame: int) -> Sight:
    """Without the frames before one, and without what was before."""
    return Sight(sight.times[frame:], sight.lately[len(sight.lately) - len(sight.times) :][frame:])


def _parts(sight: Sight, most: int) -> Iterator[Sight]:
    """The same in turns of at most so many frames."""
    known = len(sight.lately) - len(sight.times)
    for start in range(0, len(sight.times), most):
        yield Sight(sight.times[start : start + most], sight.lately[: known + start + most])


def _check_lengths(window: int, look_ahead: int, patience: float, *, longest: int) -> None:
    if not 0 <= look_ahead <= 30:
        raise ValueError(f"look_ahead must be between 0 and 30 frames, got {look_ahead}")
    if not look_ahead + 2 <= window <= longest:
        raise ValueError(
            f"window must be between {look_ahead + 2} (the look-ahead and two more) and {longest} frames, as "
            f"many as the model was built for, got {window}"
        )
    if not 0 <= patience <= 60:
        raise ValueError(f"patience must be between 0 and 60 seconds, got {patience}")

"""`RollingWindow`: the newest seconds of a motion, its last frames still under way from noise to clean.

Frames that are finished stand nearly clean before the triangle of `rolling.py`. Their poses are held and tell
the network how the motion goes on; the path on which they came is told anew with every call, for a path that
begins too slowly would stay slow. A frame under way is kept as what the network last made of it and the noise
that is left: the first turns with the window, noise does not.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ...motion.contacts import foot_contacts
from ...motion.features import NUM_FEATURES, unpack_features
from ...motion.kinematics import forward_kinematics
from ...motion.smoothing import smooth_features
from ..following.guidance import Sight, follow
from ..following.seen_joints import encode_and_estimate
from ..vimo import ViMoPipeline
from .planted_path import PlantedPath
from .rolling import add_noise, noise_in, triangle
from .sliding import Place, carried_on, continued, end_of, start_of

_FOLLOWED = 24  # finished frames before the triangle that help to find the camera
_KEPT, _KEPT_SHOWN = 0.8, 0.85  # of what a new prediction tells otherwise, a frame: in the window, outside
_PAST = 0.3  # of the last timestep: how noisy finished frames are said to be, as their path is doubted
_CALMED = 8  # finished frames that the newest one is calmed with


@dataclass(frozen=True)
class RollingOptions:
    """How a rolling window works; strengths as in `ViMoPipeline`."""

    window: int
    look_ahead: int
    guidance_scale: float = 1.0
    lift_strength: float = 0.5
    reprojection_strength: float = 0.5
    smoothing: float = 2.4

    @property
    def steps(self) -> int:
        """Calls of the network that every frame gets: one as it enters and one with each that follows."""
        return self.look_ahead + 1


Told = tuple[Tensor, Tensor]  # normalised keypoints, [B, N, 17, 3], and numbers of their shots, [B, N]


class RollingWindow:
    """B motions that go on frame by frame."""

    def __init__(self, pipe: ViMoPipeline, options: RollingOptions, *, batch: int = 1) -> None:
        self.pipe, self.options = pipe, options
        self.device, self.dtype = pipe._execution_device, pipe.transformer.dtype
        self.times = triangle(pipe.scheduler, options.steps).to(self.device)
        self.past = round(_PAST * (pipe.scheduler.config.num_train_timesteps - 1))
        self.place = Place.origin(batch, device=self.device)
        self._forget()

    def begin(self) -> None:
        """Forget all frames; the next one stands and faces where the last finished one did."""
        if self.finished.shape[1]:
            self.place = self.place.then(end_of(self.finished))
        self._forget()

    def _forget(self) -> None:
        batch = len(self.place.turn)
        # not normalised, in the window's canonical frame
        self.finished = self.guess = torch.zeros(batch, 0, NUM_FEATURES, device=self.device)
        self.noise = self.guess
        self.path = PlantedPath(batch, fps=self.pipe.config.fps, device=self.device)
        self.before = self.guess  # the newest finished frames as they were then, in the world
        self.last: Tensor | None = None  # the newest frame that came out, in the world
        self.rows = torch.zeros(0, dtype=torch.long, device=self.device)  # of the triangle, 0 the lowest

    def __len__(self) -> int:
        return self.finished.shape[1] + self.guess.shape[1]

    @property
    def under_way(self) -> int:
        """Frames that are not finished."""
        return self.guess.shape[1]

    @torch.inference_mode()
    def enter(self, told: Told, *, count: int = 1) -> Tensor | None:
        """New frames come in, with one call of the network; those that it finishes, [B, N, 151] in the world.

        told: of at least as many frames as the window then has, the new ones last. A new frame starts as the
        middle of all noise, which is zero: the motion is the likeliest one. Where several come in at once,
        all frames go down as many steps.
        """
        blank = self.guess.new_zeros(len(self.guess), count, NUM_FEATURES)
        self.guess, self.noise = (torch.cat([each, blank], 1) for each in (self.guess, self.noise))
        top = self.rows.new_full((count,), self.options.look_ahead)
        below = top - torch.arange(count - 1, -1, -1, device=self.device)
        return self._roll(told, torch.cat([self.rows, top]), torch.cat([self.rows - count + 1, below]))

    @torch.inference_mode()
    def drain(self, told: Told) -> Tensor | None:
        """Every frame under way a step down, with one call; those that it finishes."""
        return self._roll(told, self.rows, self.rows)

    def _roll(self, told: Told, rows: Tensor, left: Tensor) -> Tensor | None:
        """rows: of the triangle, where frames stand now; left: steps they still need, this one counted."""
        seen, shots = (each[:, -len(self) :].to(self.device) for each in told)
        condition, joints = encode_and_estimate(self.pipe.transformer, seen.to(self.dtype))
        times, known = self.times[rows], self.finished.shape[1]
        noisy = add_noise(self.pipe.scheduler, self._normalise(self.guess), self.noise, times)
        whole = self._predict(noisy, times, condition)
        if known:
            whole = continued(whole, self.finished, kept=_KEPT)
            self.finished = whole[:, :known]
        whole = self._followed(whole, Sight(seen, joints, shots))
        whole = self._led(whole, known)
        self.guess = unpack_features(whole[:, known:]).pack()  # rotations proper, as they go on being turned
        self.noise = noise_in(self.pipe.scheduler, noisy, self._normalise(self.guess), times)
        self.rows = left - 1
        out = self._finish(int((self.rows < 0).sum()))
        self._slide()
        return out

    def _predict(self, noisy: Tensor, times: Tensor, condition: Tensor) -> Tensor:
        past = times.new_full((self.finished.shape[1],), self.past)
        signal = self.pipe.scheduler.alphas_cumprod[self.past].sqrt()  # no noise is drawn here either
        latents = torch.cat([signal * self._normalise(self.finished), noisy], 1)
        clocks = torch.cat([past, times]).expand(latents.shape[:2])
        clean = self.pipe._guided(latents, clocks, condition, self.options.guidance_scale)
        return self.pipe.normaliser.denormalise(clean)

    def _normalise(self, features: Tensor) -> Tensor:
        return self.pipe.normaliser.normalise(features)

    def _followed(self, whole: Tensor, sight: Sight) -> Tensor:
        """Moved towards what was seen, as far back as it matters to the frames under way."""
        near = slice(max(0, self.finished.shape[1] - _FOLLOWED), None)
        moved = follow(
            whole[None, :, near], Sight(*(each[:, near] for each in sight)),
            lift_strength=self.options.lift_strength,
            reprojection_strength=self.options.reprojection_strength,
        )[0]  # fmt: skip
        return torch.cat([whole[:, : near.start], moved], 1)

    def _led(self, whole: Tensor, known: int) -> Tensor:
        """On the path that planted feet tell of, from the last finished frame on."""
        start = max(0, known - 1)
        return torch.cat([whole[:, :start], self.path.lead(whole[:, start:], known=known > 0)], 1)

    def _finish(self, count: int) -> Tensor | None:
        """The oldest frames under way are clean: they are held from now on, and come out calmed."""
        if not count:
            return None
        self.path.finish(self.guess, count, known=self.finished.shape[1] > 0)
        self.guess = self._standing(self.guess)
        known = self.before.shape[1]
        both = torch.cat([self.before, self.place.put(self.guess)], 1)
        out = smooth_features(both, self.options.smoothing)[:, max(0, known - 1) : known + count]
        if self.last is not None:
            out = carried_on(out, self.last, kept=_KEPT_SHOWN)
        self.last, self.before = out[:, -1:], both[:, : known + count][:, -_CALMED:]
        self.finished = torch.cat([self.finished, self.guess[:, :count]], 1)
        self.guess, self.noise, self.rows = self.guess[:, count:], self.noise[:, count:], self.rows[count:]
        return out[:, -count:]

    def _standing(self, guess: Tensor) -> Tensor:
        """Contacts as the feet have them: a network that is told half a contact goes on telling less."""
        motion = unpack_features(torch.cat([self.finished[:, -1:], guess], 1))
        joints = forward_kinematics(motion.rotations, motion.root)
        contacts = foot_contacts(joints, fps=self.pipe.config.fps)
        return motion._replace(contacts=contacts).pack()[:, -guess.shape[1] :]

    def _slide(self) -> None:
        """The oldest frames leave a full window, and the next one stands at its origin."""
        rest = self.finished[:, max(0, self.finished.shape[1] + self.options.steps - self.options.window) :]
        if rest.shape[1] == 0:
            return
        start = start_of(rest)
        self.place, back = self.place.then(start), start.inverse()
        self.finished, self.guess = back.put(rest), back.put(self.guess)
        self.path.turn(back.turn)

"""What the delta-interpolator makes of gaps, and that completion leans on it."""

import math

import pytest
import torch

from vimo_pipeline import ViMoCompletionPipeline, ViMoPipeline
from vimo_pipeline.models import MotionNormaliser
from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.motion.smoothing import smooth_features
from vimo_pipeline.pipelines.completing.interpolating import SMOOTHING, interpolated
from vimo_pipeline.pipelines.completing.keeping import Known, keep
from vimo_pipeline.pipelines.windows import WindowPlan

from ..conftest import tamed, tiny_interpolator, tiny_pipeline
from .test_keeping import FRAMES, wandering

GAP = Mask.nothing(FRAMES).keep(frames="0:10,30:40")
PLANS = {"one window": 40, "overlapping windows": 24, "a window of nothing known": 12}


@torch.no_grad()
def filled(
    motion: Motion,
    *,
    taught: bool = True,
    window: int = FRAMES,
    normaliser: MotionNormaliser | None = None,
) -> Motion:
    plan = WindowPlan.cover(FRAMES, window=window, overlap=6)
    known, model = Known.of(motion, GAP), tiny_interpolator(taught=taught, max_frames=FRAMES)
    return Motion.unpack(interpolated(known, plan, model, normaliser or MotionNormaliser())[0])


@pytest.mark.parametrize("window", PLANS.values(), ids=PLANS)
def test_untaught_it_goes_the_shortest_way(window):
    motion = wandering(1)
    known = Known.of(motion, GAP)
    shortest = Motion.unpack(keep(smooth_features(known.bridged().pack(), SMOOTHING), known)[0])
    gone = filled(motion, taught=False, window=window)
    torch.testing.assert_close(gone.joints(), shortest.joints(), atol=2e-3, rtol=0)


@pytest.mark.parametrize("window", PLANS.values(), ids=PLANS)
def test_what_is_known_stays(window):
    motion = wandering(1)
    away = (filled(motion, window=window).joints() - motion.joints()).norm(dim=-1)
    assert away[GAP.whole_frames].max() < 1e-4


def test_what_it_says_does_not_depend_on_where_a_body_stands_and_faces():
    motion = wandering(1)
    turned = filled(motion.turn(math.radians(130)))
    torch.testing.assert_close(
        turned.joints(), filled(motion).turn(math.radians(130)).joints(), atol=1e-3, rtol=0
    )


def test_what_is_missing_is_never_looked_at():
    one, other = wandering(1), wandering(2)
    kept = GAP.whole_frames
    mixed = Motion(
        torch.where(kept[:, None, None], one.rotations, other.rotations),
        torch.where(kept[:, None], one.root, other.root),
        torch.where(kept[:, None], one.contacts, other.contacts),
    )
    torch.testing.assert_close(filled(mixed).joints(), filled(one).joints())


def completed(pipe: ViMoPipeline, motion: Motion, **options) -> Motion:
    pipe = ViMoCompletionPipeline.from_pipe(pipe)
    pipe.set_progress_bar_config(disable=True)
    seed = torch.Generator().manual_seed(0)
    return pipe(motion, GAP, num_inference_steps=2, foot_lock=False, generator=seed, **options).motions[0]


def with_interpolator() -> ViMoPipeline:
    pipe = tamed(tiny_pipeline())
    pipe.register_modules(interpolator=tiny_interpolator(max_frames=FRAMES))
    return pipe


def test_the_likeliest_is_drawn_to_what_it_says():
    motion = wandering(1)
    lively, calm = (completed(with_interpolator(), motion, calming=calming) for calming in (0.0, 1.0))
    plain = completed(tamed(tiny_pipeline()), motion, calming=1.0)
    pipe = with_interpolator()
    said = filled(motion, window=pipe.transformer.config.max_frames, normaliser=pipe.normaliser)
    arms, legs = (16, 17, 18, 19), (1, 2, 4, 5)  # legs go half as far

    def off(each: Motion, joints: tuple[int, ...]) -> float:
        turns = [one.matrices()[15:25, joints] for one in (each, said)]
        return float((turns[0] - turns[1]).norm(dim=(-2, -1)).mean())

    assert off(calm, arms) < 1e-3 < min(off(lively, arms), off(plain, arms))
    assert off(calm, legs) == pytest.approx(0.5 * off(lively, legs), rel=0.2)


def test_it_is_saved_and_loaded_with_its_pipeline(tmp_path):
    with_interpolator().save_pretrained(tmp_path / "with")
    tiny_pipeline().save_pretrained(tmp_path / "without")
    loaded, plain = (ViMoPipeline.from_pretrained(tmp_path / name) for name in ("with", "without"))
    assert plain.interpolator is None
    motion = wandering(1)
    ours, theirs = (completed(pipe, motion).joints() for pipe in (with_interpolator(), loaded))
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0)


def test_one_that_is_too_short_is_refused_before_anything_is_imagined():
    pipe, short = with_interpolator(), tiny_interpolator(max_frames=10)
    pipe.register_modules(interpolator=short)
    with pytest.raises(ValueError, match=r"takes at most 10 frames and the pipeline's windows have 24"):
        completed(pipe, wandering(1))
    pipe.register_modules(interpolator=None)
    completed(pipe, wandering(1))

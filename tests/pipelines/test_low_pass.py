import math

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.rotations import heading_angle
from vimo_pipeline.pipelines.low_pass import slow_part, with_slow_part

from .completing.test_keeping import wandering

FPS = 30.0


def slow(curves: torch.Tensor, cutoff: float = 1.0) -> torch.Tensor:
    return slow_part(curves, cutoff=cutoff, fps=FPS)


def mixed(quick: Motion, course: Motion, cutoff: float = 1.0) -> Motion:
    result = with_slow_part(quick.pack()[None], course.pack(), cutoff=cutoff, fps=FPS)
    return Motion.unpack(result[0])


def test_it_is_a_projection():
    curves = torch.randn(2, 50, 3, generator=torch.Generator().manual_seed(0))
    once = slow(curves)
    torch.testing.assert_close(slow(once), once)
    torch.testing.assert_close((once * (curves - once)).sum(), torch.tensor(0.0), atol=1e-3, rtol=0)


@pytest.mark.parametrize(("hertz", "share"), [(0.5, 1.0), (4.0, 0.0)])
def test_slow_waves_pass_and_quick_ones_do_not(hertz, share):
    wave = torch.sin(2 * math.pi * hertz * torch.arange(180) / FPS)[:, None]
    passed = slow(wave)[20:-20].norm() / wave[20:-20].norm()
    assert float(passed) == pytest.approx(share, abs=0.06)


def test_a_constant_is_slow_and_without_a_limit_everything_is():
    curves = torch.randn(40, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(slow(torch.ones(40, 5), 0.0), torch.ones(40, 5))
    torch.testing.assert_close(slow(curves, FPS / 2), curves, atol=1e-5, rtol=1e-5)


def test_a_motion_on_its_own_course_stays_as_it_is():
    motion = wandering(1)
    torch.testing.assert_close(mixed(motion, motion).joints(), motion.joints(), atol=1e-4, rtol=0)


def test_if_everything_is_slow_the_course_is_all_there_is():
    quick, course = wandering(0), wandering(1)
    torch.testing.assert_close(mixed(quick, course, FPS / 2).joints(), course.joints(), atol=1e-3, rtol=0)


def test_detail_turns_with_the_body():
    """A world turned for the quick motion changes nothing but where its own slow part would have stood."""
    quick, course = wandering(0), wandering(1)
    turned = mixed(quick.turn(2.0), course)
    torch.testing.assert_close(turned.joints(), mixed(quick, course).joints(), atol=1e-3, rtol=0)


def test_the_slow_heading_is_that_of_the_course():
    quick, course = wandering(0, frames=120), wandering(1, frames=120)
    of_course, of_result = (heading_angle(each.matrices()[:, 0]) for each in (course, mixed(quick, course)))
    away = torch.remainder(of_result - of_course + math.pi, 2 * math.pi) - math.pi
    assert away.abs().median() < 0.2

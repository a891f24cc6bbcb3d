"""`ViMoStylisePipeline` with a tiny untrained model: from the style's own motion to the content's course."""

import pytest
import torch

from vimo_pipeline.motion import Motion
from vimo_pipeline.pipelines.low_pass import slow_part
from vimo_pipeline.pipelines.stylise import ViMoStylisePipeline

from .completing.test_keeping import wandering
from .conftest import keypoints_of, tiny_pipeline

FRAMES = 40
OPTIONS = {"num_inference_steps": 3, "smoothing": 0, "foot_lock": False}


@pytest.fixture
def pipe() -> ViMoStylisePipeline:
    pipe = ViMoStylisePipeline.from_pipe(tiny_pipeline())
    pipe.set_progress_bar_config(disable=True)
    return pipe


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def stylise(pipe: ViMoStylisePipeline, content: Motion, **options: object) -> torch.Tensor:
    options = {"keypoints": keypoints_of(FRAMES), "generator": seeded(), **OPTIONS, **options}
    return pipe(content, **options).motions[0].joints()


def slow_distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """Metres between the slow parts of joints, pelvis on pelvis."""
    curves = [(each - each[:, :1]).flatten(1) for each in (one, other)]
    apart = slow_part(curves[0] - curves[1], cutoff=0.5, fps=30).view(len(one), -1, 3)
    return float(apart.norm(dim=-1).mean())


def test_strength_0_is_the_motion_of_the_style(pipe):
    base = tiny_pipeline()(
        keypoints=keypoints_of(FRAMES), generator=seeded(), turn_spread=0, follow_feet=False, camera_stays=0,
        num_inference_steps=3, smoothing=0, guidance_scale=1.5,
    ).motions[0]  # fmt: skip
    content = wandering(1)
    start = content.canonical()
    result = stylise(pipe, start, strength=0)
    torch.testing.assert_close(result, base.joints(), atol=1e-4, rtol=0)


def test_the_more_steps_keep_it_the_nearer_is_the_course(pipe):
    content = wandering(1)
    none, all_steps = (slow_distance(stylise(pipe, content, strength=k), content.joints()) for k in (0, 3))
    assert all_steps < 0.25 * none
    torch.testing.assert_close(stylise(pipe, content), stylise(pipe, content, strength=3))


def test_the_course_goes_where_the_content_goes(pipe):
    content = wandering(1).turn(1.0)
    result = pipe(content, keypoints=keypoints_of(FRAMES), generator=seeded(), cutoff=15, **OPTIONS).motions[
        0
    ]
    torch.testing.assert_close(result.joints(), content.joints(), atol=2e-3, rtol=0)


def test_two_styles_differ_in_quick_movement_far_more_than_in_slow(pipe):
    content = wandering(1)
    one, other = (stylise(pipe, content, keypoints=keypoints_of(FRAMES, seed=seed)) for seed in (0, 1))
    apart = ((one - one[:, :1]) - (other - other[:, :1])).norm(dim=-1).mean()
    assert slow_distance(one, other) < 0.5 * apart


@pytest.mark.parametrize("frames", [7, 24, 90])
def test_a_style_of_any_length_fills_the_content(pipe, frames):
    motion = pipe(wandering(1), wandering(2, frames=frames), generator=seeded(), **OPTIONS).motions[0]
    assert len(motion) == FRAMES and motion.joints().isfinite().all()


def test_hypotheses_differ_and_the_seed_decides(pipe):
    first, again = (
        pipe(wandering(1), wandering(2), num_hypotheses=2, generator=seeded(), **OPTIONS) for _ in range(2)
    )
    assert not torch.allclose(first.motions[0].joints(), first.motions[1].joints(), atol=1e-3)
    torch.testing.assert_close(first.motions[1].joints(), again.motions[1].joints())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "exactly one"),
        ({"style": wandering(2), "keypoints": keypoints_of(9)}, "exactly one"),
        ({"style": wandering(2), "strength": 9}, "between 0 and 3"),
        ({"style": wandering(2), "cutoff": -1}, "between 0 and 15"),
        ({"style": wandering(2).frames(0, 1)}, "at least 2 frames"),
        ({"style": wandering(2), "content": wandering(1).resample(15)}, r"resample\(30\)"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(pipe, options, words):
    with pytest.raises(ValueError, match=words):
        pipe(**{"content": wandering(1), **OPTIONS, **options})

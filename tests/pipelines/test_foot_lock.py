"""The flag of the pipeline and of the capture."""

import torch

from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.foot_locking import lock_features
from vimo_pipeline.pipelines.capture import capture

from .conftest import keypoints_of


def imagined(pipe, **options) -> torch.Tensor:
    seeded = torch.Generator().manual_seed(0)
    return pipe(keypoints=keypoints_of(20), generator=seeded, output_type="pt", **options).motions


def test_feet_are_locked_after_everything_else(pipe):
    free, held = imagined(pipe), imagined(pipe, foot_lock=True)
    torch.testing.assert_close(held, lock_features(free, fps=pipe.config.fps))
    assert not torch.equal(held, free)


def test_a_path_that_does_not_follow_feet_is_left_when_legs_hold_them(pipe):
    free, held = (imagined(pipe, follow_feet=False, foot_lock=lock) for lock in (False, True))
    roots = [unpack_features(motion).root[..., [0, 2]] for motion in (free, held)]
    torch.testing.assert_close(roots[1], roots[0], atol=1e-4, rtol=0)
    assert not torch.equal(held, free)


def test_a_capture_passes_the_flag_on(pipe, tmp_path):
    keypoints_of(20).save(tmp_path / "seen.npz")
    held, free = (
        capture(tmp_path / "seen.npz", tmp_path / name, pipe=pipe, foot_lock=lock, preview=False).motions[0]
        for name, lock in (("held", True), ("free", None))
    )
    torch.testing.assert_close(
        lock_features(free.pack()[None], fps=free.fps)[0], held.pack(), atol=1e-4, rtol=0
    )

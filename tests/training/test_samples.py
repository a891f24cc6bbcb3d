"""The picture of a run shows every clip twice, and only frames that are real."""

import numpy as np
import torch

from vimo_pipeline.data.batches import Batch
from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.motion import Motion
from vimo_pipeline.schedulers import PTSSScheduler
from vimo_pipeline.training.samples import HEIGHT, MOMENTS, WIDTH, sample, write_samples

FRAMES = 12


def standing(frames: int = FRAMES) -> torch.Tensor:
    rotations = torch.tensor([0.0, 0.0, 0.0, 1.0]).expand(frames, 24, 4)
    root = torch.tensor([0.0, 0.95, 0.0]).expand(frames, 3)
    return Motion.from_rotations(rotations, root).pack()


def test_two_rows_a_clip_and_nothing_else_in_the_folder(tmp_path):
    import cv2

    truth = torch.stack([standing(), standing()])
    mask = torch.ones(2, FRAMES, dtype=torch.bool)
    padded, half = truth.clone(), mask.clone()
    padded[:, 6:], half[:, 6:] = torch.nan, False
    path = tmp_path / "samples" / "step_000002.png"
    write_samples(path, padded, truth, mask=half)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    picture = cv2.imread(str(path))
    assert picture.shape == (4 * HEIGHT, MOMENTS * WIDTH, 3)
    recorded, imagined = np.array_split(picture[: 2 * HEIGHT], 2)
    assert (recorded != imagined).any()  # the same poses in another colour
    assert ((recorded != recorded[0, 0]) == (imagined != imagined[0, 0])).mean() > 0.99


def test_sampling_gives_finite_motions_and_leaves_the_model_as_it_was():
    torch.manual_seed(0)
    model = ViMoTransformer(hidden_size=16, num_heads=2, num_layers=1, max_frames=FRAMES).train()
    features = torch.stack([standing(), standing()]) + 0.1 * torch.randn(2, FRAMES, 151)
    keypoints, joints = torch.rand(2, FRAMES, 17, 3), torch.randn(2, FRAMES, 24, 3)
    seen = Batch(features, keypoints, joints, torch.ones(2, FRAMES, dtype=torch.bool))
    scheduler, normaliser = PTSSScheduler(), MotionNormaliser.fit(features)
    imagined = sample(model, scheduler, normaliser, seen, steps=3)
    assert imagined.shape == features.shape and imagined.isfinite().all()
    assert model.training and len(scheduler.timesteps) == 1000
    torch.testing.assert_close(imagined, sample(model, scheduler, normaliser, seen, steps=3))

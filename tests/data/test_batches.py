"""What a training step sees: finite, normalised, seen by a camera, and lost where a detector loses."""

import torch

from vimo_pipeline.data.batches import draw_batch, random_proportions
from vimo_pipeline.data.detector_noise import hidden_by_trunk, random_spans
from vimo_pipeline.keypoints.keypoints import COCO_NAMES
from vimo_pipeline.motion.skeleton import rest_offsets


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_batch_is_finite_and_of_body_size(bank):
    batch = draw_batch(bank, 32, 30, generator=seeded())
    assert batch.features.shape == (32, 30, 151) and batch.keypoints.shape == (32, 30, 17, 3)
    assert all(tensor.isfinite().all() for tensor in (batch.features, batch.keypoints, batch.camera_joints))
    confidence = batch.keypoints[..., 2]
    assert confidence.min() >= 0 and confidence.max() <= 1
    spread = batch.keypoints[..., :2].square().sum(-1)[confidence > 0].mean().sqrt()
    assert 0.7 < spread < 1.3


def test_what_was_lost_says_nothing(bank):
    points = draw_batch(bank, 64, 30, generator=seeded()).keypoints
    lost = points[..., 2] == 0
    assert 0.02 < lost.float().mean() < 0.5
    assert (points[lost] == 0).all()


def test_the_same_seed_gives_the_same_batch(bank):
    first, second = (draw_batch(bank, 4, 20, generator=seeded(3)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_proportions_stay_human_and_the_sides_alike():
    offsets = random_proportions(500, seeded())
    ratio = offsets[:, 4:6].norm(dim=-1) / rest_offsets()[4:6].norm(dim=-1)  # thighs
    torch.testing.assert_close(ratio[:, 0], ratio[:, 1])
    assert 0.05 < ratio[:, 0].std() < 0.09 and ratio.min() > 0.6


def test_an_arm_behind_the_trunk_is_hidden_and_one_in_front_is_not():
    points = torch.zeros(1, 1, 17, 3)
    points[..., 2] = -4.0
    for side, x in (("left", 0.18), ("right", -0.18)):
        points[0, 0, COCO_NAMES.index(f"{side}_shoulder"), :2] = torch.tensor([x, 0.5])
        points[0, 0, COCO_NAMES.index(f"{side}_hip"), :2] = torch.tensor([x / 2, 0.0])
    wrist = COCO_NAMES.index("left_wrist")
    for depth, expected in ((-4.2, True), (-3.8, False)):
        points[0, 0, wrist] = torch.tensor([0.0, 0.2, depth])
        assert bool(hidden_by_trunk(points)[0, 0, wrist]) == expected
    points[0, 0, wrist] = torch.tensor([0.6, 0.2, -4.2])
    assert not hidden_by_trunk(points)[0, 0, wrist]


def test_spans_are_as_frequent_and_as_long_as_told():
    spans = random_spans(2000, 50, 0.3, (5, 5), seeded())
    lengths = spans.sum(1)
    assert lengths.max() == 5
    assert 0.25 < (lengths > 0).float().mean() < 0.33

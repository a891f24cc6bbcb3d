"""The virtual detector: exact without noise, as noisy as its constants say, and lost where it should be."""

import pytest
import torch

from vimo_pipeline.data.cameras import Shot, View, look
from vimo_pipeline.data.casual import LEVELS, TRAINING, Casual
from vimo_pipeline.data.detector_noise import (
    BRIDGED,
    HEADLESS_LOST,
    MEMORY,
    PARTS,
    WAVERING_MEMORY,
    _bridged,
    detect,
    remembered,
)
from vimo_pipeline.keypoints.keypoints import COCO_NAMES

FAULTLESS = Casual(cut_share=0.0, cropped_share=0.0, noise_scale=0.0, loss_scale=0.0)
UNDISTURBED = Casual(cut_share=0.0, cropped_share=0.0, hardest=1.0, loss_scale=0.0)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def standing(batch: int, frames: int) -> View:
    """A person who stands with arms spread, from the front at 4 m; every clip's person a little wider."""
    points = torch.zeros(batch, frames, 17, 3)
    heights = {"nose": 0.7, "eye": 0.75, "ear": 0.7, "shoulder": 0.5, "elbow": 0.5, "wrist": 0.5}
    widths = {"eye": 0.03, "ear": 0.08, "shoulder": 0.18, "elbow": 0.45, "wrist": 0.7, "hip": 0.1}
    for index, name in enumerate(COCO_NAMES):
        part = name.split("_")[-1]
        side = {"left": 1.0, "right": -1.0}.get(name.split("_")[0], 0.0)
        points[..., index, 0] = side * widths.get(part, 0.12) * torch.linspace(1, 1.3, batch)[:, None]
        points[..., index, 1] = heights.get(part, {"hip": 0.0, "knee": -0.4, "ankle": -0.8}.get(part, 0.0))
    shot = Shot(*(torch.full((batch, frames), number) for number in (0.0, 0.0, 4.0, 0.0)))
    return look(points, torch.zeros(batch, frames, 3), shot)


def metres_off(points: torch.Tensor, view: View) -> torch.Tensor:
    return (points[..., :2] - view.pixels) / view.pixels_per_metre[..., None, None]


def members(part: str) -> list[int]:
    return [index for index, name in enumerate(COCO_NAMES) if name.split("_")[-1] == part]


def test_without_noise_the_projection_is_exact():
    view = standing(4, 20)
    points = detect(view, generator=seeded(), casual=FAULTLESS)
    assert torch.equal(points[..., :2], view.pixels)
    assert points[..., 2].min() > 0.9


@pytest.mark.parametrize("part", ["nose", "shoulder", "hip", "ankle"])
def test_errors_are_as_large_and_as_lasting_as_the_table_says(part, monkeypatch):
    for mistake in ("LEGS_EXCHANGED", "BODY_EXCHANGED"):
        monkeypatch.setattr(f"vimo_pipeline.data.detector_noise.{mistake}", (0.0, 1, 1))
    view = standing(400, 60)
    points = detect(view, generator=seeded(), casual=UNDISTURBED)
    sure = points[:, :, members(part), 2] > 0.8
    error = torch.where(sure[..., None], metres_off(points, view)[:, :, members(part)], torch.nan)
    variance = error.square().nanmean()
    assert 0.85 < variance.sqrt() / PARTS[part].deviation < 1.25
    far_apart = (error[:, :20] * error[:, 40:]).nanmean() / variance
    assert abs(far_apart - PARTS[part].lasting) < 0.12


@pytest.mark.parametrize("memory", [MEMORY, WAVERING_MEMORY])
def test_what_is_remembered_fades_and_what_lasts_stays(memory):
    drawn = remembered((4000, 30, 1), 0.4, memory, seeded())
    assert abs(drawn.var() - 1) < 0.05
    for lag in (1, 5, 20):
        expected = 0.4 + 0.6 * memory**lag
        assert abs((drawn[:, -1] * drawn[:, -1 - lag]).mean() - expected) < 0.06


def test_confidence_falls_with_the_error():
    view = standing(300, 30)
    points = detect(view, generator=seeded(), casual=UNDISTURBED)
    wrists = points[:, :, members("wrist"), 2]
    off = metres_off(points, view)[:, :, members("wrist")].norm(dim=-1)
    doubtful, likely, sure = (
        off[(wrists > low) & (wrists <= high)].median() for low, high in ((0.3, 0.5), (0.5, 0.8), (0.8, 1.0))
    )
    assert doubtful > 1.2 * likely > 1.2 * sure


def test_face_points_err_together():
    view = standing(300, 5)
    nose, left_eye, hip = (
        metres_off(detect(view, generator=seeded(), casual=UNDISTURBED), view)[..., index, 0].flatten()
        for index in (0, 1, 11)
    )
    assert torch.corrcoef(torch.stack([nose, left_eye]))[0, 1] > 0.7
    assert torch.corrcoef(torch.stack([nose, hip]))[0, 1].abs() < 0.2


def test_short_gaps_are_bridged_and_long_ones_are_not():
    seen = torch.ones(1, 40, 1, dtype=torch.bool)
    seen[0, 5 : 5 + BRIDGED] = False
    seen[0, 20 : 21 + BRIDGED] = False
    seen[0, -2:] = False  # has one end only
    expected = torch.ones_like(seen)
    expected[0, 20 : 21 + BRIDGED] = expected[0, -2:] = False
    assert torch.equal(_bridged(seen), expected)


def test_without_a_face_in_the_picture_most_are_not_seen_at_all():
    view = standing(500, 20)
    inside = view.inside.clone()
    inside[:, 10:, COCO_NAMES.index("nose")] = False
    seen = detect(view._replace(inside=inside), generator=seeded(), casual=FAULTLESS)[..., 2] > 0
    assert seen[:, :10].all()
    assert abs((~seen[:, 10:]).all(-1).all(-1).float().mean() - HEADLESS_LOST) < 0.06


def test_what_is_outside_of_the_picture_is_lost():
    view = standing(4, 20)
    inside = view.inside.clone()
    inside[..., members("ankle")] = False
    lost = detect(view._replace(inside=inside), generator=seeded(), casual=FAULTLESS)[..., 2] == 0
    assert torch.equal(lost, ~inside)


def test_somebody_else_is_followed_only_for_a_span(monkeypatch):
    monkeypatch.setattr("vimo_pipeline.data.detector_noise._LOSSES", {})
    monkeypatch.setattr("vimo_pipeline.data.detector_noise.OTHER_PERSON", (1.0, 7, 7))
    view = standing(50, 40)
    points = detect(view, generator=seeded(), casual=Casual(noise_scale=0.0))
    wrong = (points[..., :2] != view.pixels).any(-1).any(-1)
    assert wrong.sum(1).max() == 7 and (wrong.sum(1) > 0).float().mean() > 0.9
    assert (wrong.int().diff(dim=1).abs().sum(1) <= 2).all()
    assert (points[..., 2][wrong] > 0.8).all()
    spread = points[wrong][..., :2].std(-2) / view.pixels[wrong].std(-2)
    assert spread.min() > 0.5 and spread.max() < 2


def test_legs_are_exchanged_for_a_few_frames(monkeypatch):
    monkeypatch.setattr("vimo_pipeline.data.detector_noise.LEGS_EXCHANGED", (1.0, 6, 6))
    view = standing(60, 150)
    points = detect(view, generator=seeded(), casual=UNDISTURBED)
    knees, hips = (points[..., members(part), :] for part in ("knee", "hip"))
    crossed = (knees[..., 0, 0] < knees[..., 1, 0]) & (knees[..., 2] > 0).all(-1)
    assert crossed.sum(1).median() == 6
    assert (hips[..., 0, 0] > hips[..., 1, 0]).float().mean() > 0.98


def test_levels_are_ordered_by_error_and_loss():
    view = standing(300, 60)
    off, lost = [], []
    for casual in LEVELS.values():
        points = detect(view, generator=seeded(), casual=casual)
        seen = points[..., 2] > 0
        off.append(metres_off(points, view).norm(dim=-1)[seen].mean())
        lost.append(1 - seen.float().mean())
    assert off[0] < 0.5 * off[1] and off[1] < off[2]
    assert lost[0] < 0.01 < lost[1] < 0.3 * lost[2]


def test_most_clips_of_the_hardest_level_lose_something_and_none_of_the_easiest():
    view = standing(300, 60)
    losing = [
        (detect(view, generator=seeded(), casual=casual)[..., 2] == 0).flatten(1).any(1).float().mean()
        for casual in (LEVELS["static clean"], LEVELS["cuts and occlusion"])
    ]
    assert losing[0] < 0.02 and losing[1] > 0.9


def test_the_generator_decides_everything():
    view = standing(8, 30)
    first, again, other = (detect(view, generator=seeded(seed), casual=TRAINING) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)

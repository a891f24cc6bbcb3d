"""The delta-interpolator's lesson: gaps of clips, bridged, and what the bridge lacks."""

import json

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from vimo_pipeline.data.batches import Batch
from vimo_pipeline.models import DeltaInterpolator, MotionNormaliser
from vimo_pipeline.training import train
from vimo_pipeline.training.interpolation import middle_third
from vimo_pipeline.training.loop import Run

INTERPOLATION = {"prediction": "interpolation", "model": "base"}


@pytest.fixture
def run(tiny_config) -> Run:
    return Run(tiny_config("delta", steps=100, **INTERPOLATION), Accelerator(cpu=True))


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def losses(run: Run, batch: Batch) -> dict[str, float]:
    parts = run.objective.losses(run.model, batch, step=0, generator=generator())
    return {name: float(part.detach()) for name, part in parts.items()}


def test_it_learns(run):
    batch = run.draws[0]
    totals = [float(run._optimise([batch])["total"]) for _ in range(60)]
    assert np.mean(totals[-8:]) < 0.8 * np.mean(totals[:8])


def test_who_stands_still_is_already_told_by_the_bridge(run):
    batch = run.draws[0]
    still = batch._replace(features=batch.features[:, :1].expand_as(batch.features))
    assert losses(run, still)["total"] < 1e-3 < losses(run, batch)["total"]


def test_padding_does_not_count(run):
    batch = run.draws[0]
    mask = batch.mask.clone()
    mask[:, 8:] = False
    other = batch.features.clone()
    other[:, 9:] = other[:, 8:9]  # behind the padding's first frame, which a bridge may end at
    half = [losses(run, batch._replace(features=each, mask=mask)) for each in (batch.features, other)]
    whole = losses(run, batch)
    assert half[0]["known"] == pytest.approx(half[1]["known"], abs=1e-4) and half[0] != whole


def test_it_is_judged_in_the_middle_of_what_is_real(run):
    mask = torch.ones(2, 12, dtype=torch.bool)
    mask[1, 6:] = False
    assert [row.nonzero()[:, 0].tolist() for row in middle_third(mask)] == [[4, 5, 6, 7], [2, 3]]
    seen = run.objective.held_out(run.model, run.held_out)
    assert seen.predicted.shape == seen.truth.shape and seen.mask.any()
    assert not (seen.mask & ~run.held_out.mask).any()


def test_pictures_show_its_answer_between_what_was_recorded(run):
    imagined = run.objective.imagine(run.model, run.held_out)
    assert imagined.shape == run.held_out.features.shape and torch.isfinite(imagined).all()


def test_a_run_leaves_an_interpolator_for_the_pipeline_it_began_with(tiny_config):
    whole = train(tiny_config("denoiser"))
    final = train(tiny_config("interpolator", start_from=whole, **INTERPOLATION))
    assert {path.name for path in final.iterdir()} == {"interpolator", "scheduler", "normaliser"}
    fitted, same = (MotionNormaliser.from_pretrained(each / "normaliser") for each in (whole, final))
    assert torch.equal(fitted.mean, same.mean)
    interpolator = DeltaInterpolator.from_pretrained(final / "interpolator")
    assert interpolator.config.max_frames == 12
    assert json.loads((final.parent / "config.json").read_text())["prediction"] == "interpolation"


def test_it_goes_on_with_the_interpolator_of_a_pipeline(tiny_config):
    final = train(tiny_config("first", **INTERPOLATION))
    run = Run(tiny_config("second", start_from=final, **INTERPOLATION), Accelerator(cpu=True))
    before = DeltaInterpolator.from_pretrained(final / "interpolator").state_dict()
    assert all(torch.equal(value, before[name]) for name, value in run.model.state_dict().items())

"""A tiny real run: it learns, checkpoints, resumes with the same numbers and gives a pipeline that loads."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.training import TrainConfig, monitor, train
from vimo_pipeline.training.checkpoint import latest_checkpoint
from vimo_pipeline.training.loop import Run


def weights(folder: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors")


@pytest.fixture(scope="module")
def finished(tiny_config) -> Path:
    return train(tiny_config("whole"))


def test_a_run_leaves_components_and_its_config(finished):
    assert {path.name for path in finished.iterdir()} == {"transformer", "scheduler", "normaliser"}
    config = json.loads((finished.parent / "config.json").read_text())
    assert config["steps"] == 4 and config["ptss"] == 0.1
    checkpoints = {path.name for path in finished.parent.glob("checkpoint-*")}
    assert checkpoints == {"checkpoint-2", "checkpoint-4"}


def test_a_resumed_run_ends_with_the_same_numbers(folder, tiny_config, finished):
    shutil.copytree(finished.parent / "checkpoint-2", folder / "parts" / "checkpoint-2")
    whole, parts = weights(finished), weights(train(tiny_config("parts")))
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, msg=name)


def test_a_half_written_checkpoint_is_not_resumed_from(tmp_path):
    (tmp_path / "checkpoint-10").mkdir()
    (tmp_path / "checkpoint-10" / "progress.pt").touch()
    (tmp_path / "checkpoint-20").mkdir()
    assert latest_checkpoint(tmp_path).name == "checkpoint-10"
    assert latest_checkpoint(tmp_path / "nothing") is None


def test_training_lowers_the_loss(tiny_config):
    run = Run(tiny_config("loss", steps=100, condition_dropout=0.0), Accelerator(cpu=True))
    batch = run.draws[0]
    losses = [float(run._optimise([batch])["total"]) for _ in range(20)]
    assert np.mean(losses[-4:]) < 0.75 * np.mean(losses[:3])


def test_an_accumulated_step_goes_down_the_mean_gradient(tiny_config):
    run = Run(tiny_config("accumulated", accumulate=2, clip_norm=1e9), Accelerator(cpu=True))
    batches, state = [run.draws[0], run.draws[1]], run.generator.get_state()
    for batch in batches:
        losses = run.objective.losses(run.model, batch, step=0, generator=run.generator)
        (losses["total"] / 2).backward()
    wanted = [weights.grad.clone() for weights in run.model.parameters()]
    run.generator.set_state(state)
    run._optimise(batches)
    for weights, gradient in zip(run.model.parameters(), wanted, strict=True):
        torch.testing.assert_close(weights.grad, gradient)


def test_a_run_may_start_from_finished_weights(tiny_config, finished):
    run = Run(tiny_config("further", start_from=finished), Accelerator(cpu=True))
    before = ViMoTransformer.from_pretrained(finished / "transformer").state_dict()
    for name, weights in run.model.state_dict().items():
        assert torch.equal(weights, before[name]), name
    fitted = MotionNormaliser.from_pretrained(finished / "normaliser")
    assert torch.equal(run.normaliser.mean, fitted.mean)


def test_weights_of_another_size_are_refused(tiny_config, finished):
    with pytest.raises(ValueError, match="holds another model than --model big"):
        Run(tiny_config("other", start_from=finished, model="big"), Accelerator(cpu=True))


def test_an_old_checkpoint_is_read_with_its_own_normaliser(folder, tiny_config, finished):
    """`progress.pt` held the state of one generator, not a row a process."""
    old = folder / "old" / "checkpoint-4"
    shutil.copytree(finished.parent / "checkpoint-4", old)
    progress = torch.load(old / "progress.pt", weights_only=True)
    torch.save(progress | {"generator": progress["generator"][0]}, old / "progress.pt")
    run = Run(tiny_config("old"), Accelerator(cpu=True))
    fitted = run.normaliser.mean.clone()
    run.normaliser.mean.zero_()  # as if the data had changed
    run.resume()
    assert run.step == 4
    torch.testing.assert_close(run.normaliser.mean, fitted)
    torch.testing.assert_close(run.generator.get_state(), progress["generator"][0])


def test_a_run_leaves_pictures_and_warnings(tiny_config, caplog, monkeypatch):
    monkeypatch.setattr(monitor, "COLLAPSED", 99.0)
    config = tiny_config("seen", steps=2, validate_every=1, sample_every=2, tracker="none")
    train(config)
    assert [path.name for path in (config.output / "samples").iterdir()] == ["step_000002.png"]
    assert not (config.output / "logs").exists()
    collapsed = [line for line in caplog.messages if "collapse to the mean pose" in line]
    assert len(collapsed) == 1  # found in both validations, said once


@pytest.mark.parametrize(
    ("tracker", "error", "message"),
    [
        ("tensorbord", ValueError, "choose none or one of: .*tensorboard"),
        ("swanlab", ImportError, "pip install"),
    ],
)
def test_a_tracker_that_is_not_there_is_refused(tiny_config, tracker, error, message):
    if tracker == "swanlab" and find_spec("swanlab"):
        pytest.skip("swanlab is installed")
    with pytest.raises(error, match=message):
        train(tiny_config("untracked", tracker=tracker))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"snr_weighting": "best"}, "snr_weighting"),
        ({"frames": (1,)}, "at least 2 frames"),
        ({"steps": 10, "decay": 11}, "decay"),
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"condition_dropout": 25.0}, "condition_dropout must be between 0 and 1"),
    ],
)
def test_a_config_that_cannot_work_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(data=str(tmp_path), **options)

"""What a step compares, and that the regressor is the diffusion model without its diffusion."""

import pytest
import torch

from vimo_pipeline.data.batches import Batch
from vimo_pipeline.keypoints import Keypoints
from vimo_pipeline.models import MotionNormaliser
from vimo_pipeline.motion.features import MotionFeatures, unpack_features
from vimo_pipeline.motion.placing import canonical
from vimo_pipeline.pipelines import ViMoPipeline
from vimo_pipeline.schedulers import PTSSScheduler
from vimo_pipeline.training import TrainConfig
from vimo_pipeline.training.objective import Objective
from vimo_pipeline.training.optimisation import make_model, make_optimizer

FRAMES = 8


@pytest.fixture(scope="module")
def batch() -> Batch:
    generator = torch.Generator().manual_seed(0)
    rotations = torch.linalg.qr(torch.randn(4, FRAMES, 24, 3, 3, generator=generator))[0]
    rotations = rotations * torch.linalg.det(rotations).sign()[..., None, None]
    root = torch.randn(4, FRAMES, 3, generator=generator)
    keypoints = torch.rand(4, FRAMES, 17, 3, generator=generator)
    joints = torch.randn(4, FRAMES, 24, 3, generator=generator)
    features = MotionFeatures(rotations, torch.ones(4, FRAMES, 4), root).pack()
    return Batch(features, keypoints, joints, torch.ones(4, FRAMES, dtype=torch.bool))


def config(**options) -> TrainConfig:
    return TrainConfig(data="nowhere", frames=(FRAMES,), **options)


def objective(batch: Batch, **options) -> Objective:
    chosen = config(**options)
    scheduler = PTSSScheduler(snr_weighting=chosen.snr_weighting)
    return Objective(chosen, scheduler, MotionNormaliser.fit(batch.features))


def losses(batch: Batch, *, step: int = 0, **options) -> dict[str, float]:
    torch.manual_seed(0)
    model = make_model(config(**options), MotionNormaliser.fit(batch.features)).eval()
    generator = torch.Generator().manual_seed(0)
    found = objective(batch, **options).losses(model, batch, step=step, generator=generator)
    return {name: loss.item() for name, loss in found.items()}


def test_the_total_is_the_sum_of_its_parts(batch):
    found = losses(batch, regional_weight=2.0)
    total = found.pop("total")
    assert set(found) == {"simple", "joints", "velocity", "foot", "path", "lift", "regional"}
    assert total == pytest.approx(sum(found.values()))


def test_without_regional_weight_nothing_changes(batch):
    plain, weighted = losses(batch), losses(batch, regional_weight=2.0)
    assert "regional" not in plain
    assert plain["joints"] == weighted["joints"]
    assert losses(batch, regional_weight=4.0)["regional"] == pytest.approx(2 * weighted["regional"])


def test_the_gate_of_the_regional_loss_opens_with_confidence(batch):
    sure = losses(batch, regional_weight=1.0, regional_confidence=0.0)["regional"]
    gated = losses(batch, regional_weight=1.0, regional_confidence=0.6)["regional"]
    assert 0 < gated < sure
    unseen = batch._replace(keypoints=batch.keypoints * torch.tensor([1.0, 1.0, 0.5]))
    assert losses(unseen, regional_weight=1.0, regional_confidence=0.6)["regional"] == 0


def test_weights_follow_the_step(batch):
    early, late = losses(batch, step=0), losses(batch, step=5000)
    assert late["velocity"] == pytest.approx(10 * early["velocity"])
    assert late["joints"] == early["joints"]


def test_a_regressor_sees_no_noise_no_gaps_and_full_weights(batch):
    seen = {}

    def spy(noisy, timesteps, *, keypoints, keep, mask):
        seen.update(noisy=noisy, timesteps=timesteps, keep=keep)
        return make_model(config(), MotionNormaliser())(
            noisy, timesteps, keypoints=keypoints, keep=keep, mask=mask
        )

    options = {"prediction": "regression", "snr_weighting": "min_snr", "condition_dropout": 0.9}
    found = objective(batch, **options).losses(spy, batch, step=0, generator=torch.Generator().manual_seed(0))
    assert seen["noisy"].abs().max() == 0
    assert set(seen["timesteps"].flatten().tolist()) == {999}
    assert seen["keep"].all()
    assert found["simple"] > 0.1  # min(SNR, 5) at the last timestep would be 4e-5


def test_a_trained_regressor_does_not_look_at_the_noise_of_the_pipeline(batch):
    chosen = config(prediction="regression")
    goal = objective(batch, prediction="regression")
    model = make_model(chosen, goal.normaliser)
    optimizer = make_optimizer(chosen, model)
    for step in range(3):
        optimizer.zero_grad()
        goal.losses(model, batch, step=step, generator=torch.Generator().manual_seed(step))[
            "total"
        ].backward()
        optimizer.step()
    points = (100 * torch.rand(FRAMES, 17, 3, generator=torch.Generator().manual_seed(0))).numpy()
    points[..., 2] = 1
    pipe = ViMoPipeline(model.eval(), goal.scheduler, goal.normaliser, overlap=2)
    pipe.set_progress_bar_config(disable=True)
    one, other = (
        pipe(
            keypoints=Keypoints(points, 30.0, 100, 100), num_inference_steps=1, guidance_scale=1,
            output_type="pt", generator=torch.Generator().manual_seed(seed),
        ).motions
        for seed in (1, 2)
    )  # fmt: skip
    torch.testing.assert_close(one, other, atol=1e-5, rtol=0)


def test_clips_may_be_noised_as_in_a_stream(batch):
    timesteps = objective(batch, rolling=1.0, gaps=0.0)._timesteps(
        4, FRAMES, step=0, generator=torch.Generator()
    )
    assert (timesteps[:, -1] == 999).all() and (timesteps.diff(dim=1) >= 0).all()
    generator = torch.Generator().manual_seed(3)
    some = objective(batch, rolling=0.5, ptss=0.0, gaps=0.0)._timesteps(
        400, FRAMES, step=0, generator=generator
    )
    alone = some.amin(1) != some.amax(1)
    assert 0.4 < alone.float().mean() < 0.6


def noised(batch, **options):
    goal = objective(batch, **options)
    clean = goal.normaliser.normalise(batch.features)
    return clean, goal._noised(clean, batch, 0, torch.Generator().manual_seed(0))


def test_clips_may_be_clean_but_for_a_gap(batch):
    clean, seen = noised(batch, gaps=1.0)
    known = seen.timesteps < 0
    assert known.any(1).all() and not known.all(1).any()
    torch.testing.assert_close(seen.sample[known], clean[known])


def test_what_is_known_weighs_nothing(batch):
    _, seen = noised(batch, gaps=1.0)
    assert ((seen.weights == 0) == (seen.timesteps < 0)).all()


def test_noise_of_gaps_lies_around_the_bridge(batch):
    """Of a motion that does not move the bridge is the motion, so no signal is lost at any timestep."""
    goal = objective(batch, gaps=1.0)
    stands = batch.features[:, :1].expand_as(batch.features)
    still = batch._replace(features=canonical(unpack_features(stands)).pack())
    clean = goal.normaliser.normalise(still.features)
    gaps = goal._gaps(*clean.shape[:2], generator=torch.Generator().manual_seed(0))
    leaning = goal._leaning(still.features, gaps.timesteps, gaps.kept)
    silent = goal.scheduler.add_noise(clean, torch.zeros_like(clean), gaps.timesteps)
    torch.testing.assert_close(silent + leaning, clean, atol=1e-4, rtol=1e-4)


def test_the_path_counts_in_gaps_alone(batch):
    plain, counted = losses(batch, gaps=1.0, path_weight=0.0), losses(batch, gaps=1.0, path_weight=20.0)
    assert "path" not in plain and counted["path"] > 0
    assert losses(batch, gaps=1.0, path_weight=40.0)["path"] == pytest.approx(2 * counted["path"])
    assert losses(batch, gaps=0.0, path_weight=20.0)["path"] == 0


def test_without_gaps_nothing_leans_and_everything_is_seen(batch):
    _, seen = noised(batch, gaps=0.0)
    assert (seen.timesteps >= 0).all() and seen.keypoints is batch.keypoints


def test_few_clips_with_gaps_may_be_none(batch):
    _, seen = noised(batch, gaps=1e-9)
    assert (seen.timesteps >= 0).all() and seen.sample.isfinite().all()

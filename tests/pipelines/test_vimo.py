"""`ViMoPipeline` keeps diffusers' promises, with a tiny untrained model."""

import json

import pytest
import torch

from vimo_pipeline import ViMoPipeline

from .conftest import keypoints_of, tiny_pipeline


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def features(pipe: ViMoPipeline) -> torch.Tensor:
    """What the pipeline imagines from the same keypoints and the same noise."""
    pipe.set_progress_bar_config(disable=True)
    options = {
        "num_inference_steps": 2,
        "lift_strength": 0,
        "reprojection_strength": 0,
        "output_type": "pt",
        "generator": seeded(),
    }
    # One window: two of an untrained model may have opposite rotations, and a mean that hangs on rounding.
    return pipe(keypoints=keypoints_of(24), **options).motions


@pytest.mark.parametrize("frames", [2, 10, 24, 25, 70])
def test_any_length_becomes_a_motion_of_that_length(pipe, frames):
    motion = pipe(keypoints=keypoints_of(frames), num_inference_steps=2, generator=seeded()).motions[0]
    assert len(motion) == frames and motion.fps == 30


def test_other_frame_rates_keep_their_seconds(pipe):
    motion = pipe(keypoints=keypoints_of(60, fps=60.0), num_inference_steps=2).motions[0]
    assert motion.fps == 30 and abs(motion.seconds - 1.0) < 0.05


def test_the_same_seed_gives_the_same_motion_and_another_seed_another(pipe):
    seen, options = keypoints_of(12), {"num_inference_steps": 3, "output_type": "pt"}
    first, again, other = (
        pipe(keypoints=seen, likeliest_first=False, generator=seeded(seed), **options).motions
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, again) and not torch.allclose(first, other)


def test_hypotheses_differ_from_one_another(pipe):
    output = pipe(keypoints=keypoints_of(12), num_hypotheses=3, num_inference_steps=2, generator=seeded())
    assert len(output.motions) == 3
    assert not torch.allclose(output.motions[0].joints(), output.motions[1].joints())


def test_guidance_of_one_is_off_and_more_changes_the_motion(pipe):
    seen = keypoints_of(12)
    options = {"num_inference_steps": 2, "output_type": "pt", "lift_strength": 0, "reprojection_strength": 0}
    off = pipe(keypoints=seen, guidance_scale=1, generator=seeded(), **options).motions
    nearly_off = pipe(keypoints=seen, guidance_scale=1.00001, generator=seeded(), **options).motions
    strong = pipe(keypoints=seen, guidance_scale=5, generator=seeded(), **options).motions
    torch.testing.assert_close(off, nearly_off, atol=1e-3, rtol=0)
    assert not torch.allclose(off, strong, atol=1e-3)


@pytest.mark.parametrize(
    ("strength", "others", "apart"),
    [("lift_strength", {}, 1e-2), ("reprojection_strength", {"lift_strength": 0, "smoothing": 0}, 1e-3)],
)
def test_a_strength_of_zero_is_off_and_more_changes_the_motion(pipe, strength, others, apart):
    options = {"keypoints": keypoints_of(12), "num_inference_steps": 1, **others}
    off, little, full = (
        pipe(**options, **{strength: share}, generator=seeded()).motions[0].joints()
        for share in (0.0, 1e-5, 1.0)
    )
    torch.testing.assert_close(off, little, atol=apart, rtol=0)
    assert not torch.allclose(off, full, atol=1e-2)


def test_smoothing_calms_the_motion_and_leaves_contacts_alone(pipe):
    seen, options = keypoints_of(30), {"num_inference_steps": 2, "output_type": "pt"}
    off, on = (
        pipe(keypoints=seen, smoothing=frames, generator=seeded(), **options).motions for frames in (0.0, 1.0)
    )
    trembling, calm = (each[..., :144].diff(n=3, dim=1).abs().mean() for each in (off, on))
    assert calm < 0.6 * trembling
    torch.testing.assert_close(on[..., 144:148], off[..., 144:148])


def test_hypotheses_come_best_first_with_scores_order_and_spread(pipe):
    seen = keypoints_of(30)
    options = {"num_inference_steps": 2, "output_type": "pt", "likeliest_first": False}
    many = pipe(keypoints=seen, num_hypotheses=4, generator=[seeded(k) for k in range(4)], **options)
    assert torch.equal(many.scores, many.scores.sort().values) and len(many.scores) == 4
    assert sorted(many.order.tolist()) == [0, 1, 2, 3] and many.spread.shape == (30, 24)
    best = pipe(keypoints=seen, generator=seeded(int(many.order[0])), **options)
    torch.testing.assert_close(best.scores[0], many.scores[0], atol=1e-3, rtol=1e-3)
    assert best.spread is None and best.order.tolist() == [0]


def test_the_likeliest_motion_is_first_and_the_same_for_every_seed(pipe):
    seen, options = keypoints_of(30), {"num_inference_steps": 2, "output_type": "pt"}
    alone = pipe(keypoints=seen, generator=seeded(1), **options)
    many = pipe(keypoints=seen, num_hypotheses=4, generator=seeded(2), **options)
    assert many.order[0] == 0 and torch.equal(many.scores[1:], many.scores[1:].sort().values)
    torch.testing.assert_close(many.motions[0], alone.motions[0], atol=1e-4, rtol=0)
    assert (many.motions[1:] - alone.motions[0]).abs().amax((1, 2)).min() > 0.01


def test_hypotheses_after_the_first_turn_otherwise(pipe):
    seen, options = keypoints_of(30), {"num_inference_steps": 2, "output_type": "pt", "num_hypotheses": 3}
    plain, apart = (
        pipe(keypoints=seen, turn_spread=spread, generator=seeded(), **options) for spread in (0.0, 20.0)
    )
    torch.testing.assert_close(apart.motions[0], plain.motions[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(apart.motions[..., 6:148], plain.motions[..., 6:148], atol=1e-4, rtol=0)
    assert (apart.motions[1:, -1, :6] - plain.motions[1:, -1, :6]).abs().amax(1).min() > 0.02


def test_ddpm_sampling_by_eta(pipe):
    seen = keypoints_of(12)
    options = {"num_inference_steps": 4, "output_type": "pt"}
    ddim, ddpm = (pipe(keypoints=seen, eta=eta, generator=seeded(), **options).motions for eta in (0.0, 1.0))
    assert ddpm.isfinite().all() and not torch.allclose(ddim, ddpm)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_each_hypothesis_has_its_own_generator(pipe, eta):
    seen = keypoints_of(40)
    options = {
        "num_inference_steps": 2,
        "output_type": "pt",
        "lift_strength": 0,
        "reprojection_strength": 0,
        "turn_spread": 0,
        "likeliest_first": False,
        "eta": eta,
    }
    pair = pipe(keypoints=seen, num_hypotheses=2, generator=[seeded(1), seeded(2)], **options)
    alone = pipe(keypoints=seen, generator=[seeded(2)], **options).motions
    second = pair.order.tolist().index(1)
    torch.testing.assert_close(pair.motions[second], alone[0], atol=1e-4, rtol=1e-4)


def test_callback_sees_every_step_and_may_change_the_latents(pipe):
    steps = []

    def stop_noise(pipe, step, timestep, tensors):
        steps.append((step, int(timestep)))
        return {"latents": torch.zeros_like(tensors["latents"])}

    seen, options = keypoints_of(12), {"num_inference_steps": 3, "output_type": "pt"}
    changed = pipe(keypoints=seen, generator=seeded(), callback_on_step_end=stop_noise, **options).motions
    plain = pipe(keypoints=seen, generator=seeded(), **options).motions
    assert [step for step, _ in steps] == [0, 1, 2] and steps[0][1] == 999
    assert not torch.allclose(changed, plain)


def test_a_tuple_instead_of_an_output(pipe):
    motions, seen = pipe(keypoints=keypoints_of(12), num_inference_steps=1, return_dict=False)
    assert len(motions[0]) == len(seen) == 12


def test_views_are_fused(pipe):
    views = [keypoints_of(12, seed=seed) for seed in (0, 1)]
    assert len(pipe(keypoints=views, num_inference_steps=1).motions[0]) == 12


def test_saved_and_loaded_it_gives_the_same_motion(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    loaded = ViMoPipeline.from_pretrained(tmp_path)
    loaded.set_progress_bar_config(disable=True)
    seen, options = keypoints_of(30), {"num_inference_steps": 2, "output_type": "pt"}
    ours, theirs = (one(keypoints=seen, generator=seeded(), **options).motions for one in (pipe, loaded))
    assert torch.equal(ours, theirs)


def test_module_paths_are_a_file_format(pipe, tmp_path):
    """Checkpoints out there name these modules: moving one makes them unreadable."""
    pipe.save_pretrained(tmp_path)
    index = json.loads((tmp_path / "model_index.json").read_text())
    assert index["transformer"] == ["vimo_pipeline.models.transformer", "ViMoTransformer"]
    assert index["scheduler"] == ["vimo_pipeline.schedulers.ptss", "PTSSScheduler"]
    assert index["normaliser"] == ["vimo_pipeline.models.normaliser", "MotionNormaliser"]


def test_loaded_in_half_precision_it_stays_close(pipe, tmp_path):
    pipe.save_pretrained(tmp_path)
    half = ViMoPipeline.from_pretrained(tmp_path, dtype=torch.float16)
    assert half.dtype == torch.float16
    torch.testing.assert_close(features(half), features(pipe), atol=0.1, rtol=0.1)


def test_a_half_precision_variant(pipe, tmp_path):
    tiny_pipeline().to(torch.float16).save_pretrained(tmp_path, variant="fp16")
    assert {path.name for path in tmp_path.rglob("*.safetensors")} == {
        "diffusion_pytorch_model.fp16.safetensors"
    }
    loaded = ViMoPipeline.from_pretrained(tmp_path, variant="fp16")
    assert loaded.dtype == torch.float32
    torch.testing.assert_close(features(loaded), features(pipe), atol=0.1, rtol=0.1)


def test_saved_in_shards_it_gives_the_same_motion(pipe, tmp_path):
    pipe.save_pretrained(tmp_path, max_shard_size="100KB")
    assert len(list((tmp_path / "transformer").glob("*.safetensors"))) > 1
    assert torch.equal(features(ViMoPipeline.from_pretrained(tmp_path)), features(pipe))


@pytest.mark.parametrize(
    "made_again",
    [
        lambda pipe: pipe.to("cpu"),
        lambda pipe: ViMoPipeline(**pipe.components, overlap=pipe.config.overlap),
        ViMoPipeline.from_pipe,
    ],
    ids=["to", "components", "from_pipe"],
)
def test_another_pipeline_of_the_same_parts_gives_the_same_motion(pipe, made_again):
    again = made_again(pipe)
    assert again.transformer is pipe.transformer and again.config.overlap == pipe.config.overlap
    assert torch.equal(features(again), features(pipe))


def test_offloading_runs(pipe):
    seen, options = keypoints_of(12), {"num_inference_steps": 2, "output_type": "pt"}
    plain = pipe(keypoints=seen, generator=seeded(), **options).motions
    pipe.enable_model_cpu_offload(device="cpu")
    torch.testing.assert_close(pipe(keypoints=seen, generator=seeded(), **options).motions, plain)


def test_half_precision_stays_close(pipe):
    seen, options = (
        keypoints_of(12),
        {
            "num_inference_steps": 2, "output_type": "pt", "guidance_scale": 1.5,
            "lift_strength": 0, "reprojection_strength": 0,
        },
    )  # fmt: skip
    full = pipe(keypoints=seen, generator=seeded(), **options).motions
    pipe.transformer.to(torch.bfloat16)
    half = pipe(keypoints=seen, generator=seeded(), **options).motions
    assert half.dtype == torch.float32
    torch.testing.assert_close(half, full, atol=0.1, rtol=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "either a video or keypoints"),
        ({"keypoints": "seen", "video": "clip.mp4"}, "not both"),
        ({"keypoints": [[1, 2, 3]]}, "must be Keypoints"),
        ({"keypoints": keypoints_of(1)}, "at least 2 frames"),
        ({"keypoints": keypoints_of(5), "guidance_scale": -1}, "guidance_scale"),
        ({"keypoints": keypoints_of(5), "lift_strength": 1.5}, "lift_strength"),
        ({"keypoints": keypoints_of(5), "reprojection_strength": -0.1}, "reprojection_strength"),
        ({"keypoints": keypoints_of(5), "smoothing": 11}, "smoothing"),
        ({"keypoints": keypoints_of(5), "num_inference_steps": 0}, "num_inference_steps"),
        ({"keypoints": keypoints_of(5), "num_hypotheses": 0}, "num_hypotheses"),
        ({"keypoints": keypoints_of(5), "output_type": "fbx"}, "output_type"),
        ({"keypoints": keypoints_of(5), "callback_on_step_end_tensor_inputs": ("noise",)}, "latents"),
        ({"keypoints": [keypoints_of(5), keypoints_of(6)]}, "same length"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        tiny_pipeline()(**options)


def test_files_that_are_not_there(pipe, tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing at"):
        pipe(tmp_path / "holiday.mp4")
    with pytest.raises(FileNotFoundError, match="neither a folder"):
        ViMoPipeline.from_pretrained("not a name / at all")


def test_an_unknown_hub_id_without_network(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(FileNotFoundError, match="could not be had from the Hugging Face Hub"):
        ViMoPipeline.from_pretrained("nobody/vimo-that-is-not-there")

import pytest
import torch

from vimo_pipeline.export import load_motion, save_motion
from vimo_pipeline.ui.endpoints.completing import complete_files, mask_of
from vimo_pipeline.ui.running.lending import Lender
from vimo_pipeline.ui.tabs.greeting import greeting

FRAMES = 24


@pytest.fixture
def wave(tmp_path):
    save_motion(greeting().frames(0, FRAMES), tmp_path / "wave.npz")
    return tmp_path / "wave.npz"


@pytest.fixture
def complete(untrained_pipe, wave, tmp_path):
    def run(told=None, **options):
        told = [] if told is None else told
        options = {"lender": Lender(lambda: untrained_pipe), "num_inference_steps": 2, **options}
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        return complete_files(wave, out, tell=lambda *stage: told.append(stage), **options)

    return run


def test_in_between_imagines_whole_frames_and_parts_only_themselves():
    whole = mask_of("In-between", "0:4,20:24", ["left_arm"], frames=FRAMES)
    assert whole.whole_frames.nonzero()[:, 0].tolist() == [0, 1, 2, 3, 20, 21, 22, 23]
    assert not whole.kept[4:20].any()
    arm = mask_of("Body parts", "", ["left_arm"], frames=FRAMES)
    assert not arm.whole_frames.any() and arm.channel("path").all()


@pytest.mark.parametrize(
    ("mode", "keep", "parts", "words"),
    [
        ("In-between", " ", [], "Keep at least one frame"),
        ("Body parts", "0:4", [], "No body part"),
        ("In-between", "0:900", [], "0:900"),
        ("In-between", "soon", [], "soon"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(mode, keep, parts, words):
    with pytest.raises(ValueError, match=words):
        mask_of(mode, keep, parts, frames=FRAMES)


def test_kept_frames_come_back_and_every_hypothesis_has_its_files(complete, wave):
    done = complete(mode="In-between", keep="0:8,16:24", hypotheses=2)
    assert {suffix: len(paths) for suffix, paths in done.files.items()} == {"glb": 2, "bvh": 2, "npz": 2}
    kept = [*range(8), *range(16, 24)]
    before = load_motion(wave).joints()[kept]
    for path in done.files["npz"]:
        torch.testing.assert_close(load_motion(path).joints()[kept], before, atol=1e-3, rtol=0)
    assert done.before.is_file() and done.picture.stat().st_size > 1000


def test_the_stages_are_told_in_order(complete):
    told = []
    complete(told, mode="Body parts", parts=["left_arm"])
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["motion", "files", "picture"]
    assert all(0 <= share <= 1 for _, share in told)


def test_a_blend_is_as_long_as_both_without_what_they_share(complete, wave):
    done = complete(mode="Blend", second=wave, overlap=8)
    assert len(load_motion(done.files["bvh"][0])) == 2 * FRAMES - 8
    with pytest.raises(ValueError, match="no second motion"):
        complete(mode="Blend")
